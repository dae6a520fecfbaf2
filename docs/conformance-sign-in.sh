#!/usr/bin/env bash
# Signs somebody in at the reference server with nothing but curl, and prints what global-token-revocation-conformance wants to
# know: how the person is named, tokens, cookies, and a silent authorization request. WHO is "person" or "other". With RESOURCE,
# also a JWT access token for that API, one of GTR_JWT_AUDIENCES.
set -euo pipefail
shopt -s inherit_errexit
OP=${OP:-http://localhost:3000}
case ${WHO:-person} in
  person) uid=alice password=alice-down-the-rabbit-hole id=5a1c0a3e-0000-4000-8000-00000000a11c phone=+12065550100 ;;
  *) uid=bob password=bob-counts-the-coal id=5a1c0a3e-0000-4000-8000-000000000b0b phone=+12065550101 ;;
esac
host=$(sed 's|^[a-z]*://||; s|[:/].*||' <<<"$OP")
client=demo-app
secret=demo-app-7c1f0c3be2a94d6f8a5b1e0d9c8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f
callback=http://localhost:3001/callback
verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
jar=$(mktemp)
trap 'rm -f "$jar"' EXIT

request() {
  echo "$OP/auth?client_id=$client&response_type=code&scope=openid%20offline_access&prompt=$1&redirect_uri=$callback&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256${RESOURCE:+&resource=$RESOURCE}"
}
# Follows redirects inside the server, and stops where the application takes over.
browse() {
  local url=$1
  shift
  while [[ $url == "$OP"* ]]; do
    local next
    next=$(curl -sSf --cookie "$jar" --cookie-jar "$jar" -o /dev/null -w '%{redirect_url}' "$url" "$@")
    shift $#
    [[ -n $next ]] || break
    url=$next
  done
  echo "$url"
}
field() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

login=$(browse "$(request consent)")
consent=$(browse "$login/login" --data-urlencode "identifier=$uid" --data-urlencode "password=$password")
code=$(browse "$consent/consent" -d '' | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
tokens=$(curl -sSf -u "$client:$secret" "$OP/token" -d grant_type=authorization_code -d "code=$code" \
  -d "code_verifier=$verifier" -d "redirect_uri=$callback")
if [[ -n ${RESOURCE:-} ]]; then
  for_api=$(curl -sSf -u "$client:$secret" "$OP/token" -d grant_type=refresh_token \
    -d "refresh_token=$(field refresh_token <<<"$tokens")" -d "resource=$RESOURCE")
  jwt="\"jwt_access_token\": \"$(field access_token <<<"$for_api")\","
fi
cookies=$(sed -n 's/^#HttpOnly_//; /^[^#]/p' "$jar" | awk -F '\t' '{printf "%s%s=%s", sep, $6, $7; sep="; "}')

cat <<JSON
{
  "identifiers": [
    { "format": "opaque", "id": "$id" },
    { "format": "email", "email": "$uid@example.com" },
    { "format": "iss_sub", "iss": "$OP", "sub": "$id" },
    { "format": "phone_number", "phone_number": "$phone" },
    { "format": "account", "uri": "acct:$uid@$host" }
  ],
  "client_id": "$client",
  "client_secret": "$secret",
  "access_token": "$(field access_token <<<"$tokens")",
  ${jwt:-}
  "refresh_token": "$(field refresh_token <<<"${for_api:-$tokens}")",
  "cookies": "$cookies",
  "authorization_url": "$(request none)"
}
JSON
