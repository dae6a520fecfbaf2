# Signs alice in at the reference server with curl, as a browser and an application would. Sets $jwt, an access token for the API.
client=demo-app:demo-app-7c1f0c3be2a94d6f8a5b1e0d9c8f7a6b5c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f
callback=http://localhost:3001/callback
verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
query="client_id=demo-app&response_type=code&scope=offline_access&prompt=consent&redirect_uri=$callback"
query="$query&resource=https://notes.example.com"
query="$query&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
jar=$(mktemp)
browse() { curl -s -L --cookie "$jar" --cookie-jar "$jar" -o /dev/null -w '%{url_effective}' "$@"; }

login=$(browse "$OP/auth?$query")
consent=$(browse "$login/login" --data-urlencode identifier=alice --data-urlencode password=alice-down-the-rabbit-hole)
code=$( (browse "$consent/consent" -d '' || true) | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
jwt=$(curl -s -u "$client" "$OP/token" -d grant_type=authorization_code -d "code=$code" -d "redirect_uri=$callback" \
  -d "code_verifier=$verifier" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
