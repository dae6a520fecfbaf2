# Signs alice in with curl, as a browser and an application would. Sets $jar (her cookies), $access and $refresh.
callback=http://localhost:3001/callback
verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk
query="client_id=app&response_type=code&redirect_uri=$callback&code_challenge_method=S256"
query="$query&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
jar=$(mktemp)
browse() { curl -s -L --cookie "$jar" --cookie-jar "$jar" -o /dev/null -w '%{url_effective}' "$@"; }

login=$(browse "$OP/auth?$query&scope=openid%20offline_access&prompt=consent")
answer=$(browse "$login" --data-urlencode email=alice@example.com --data-urlencode 'password=rabbit hole' || true)
code=$(echo "$answer" | sed -n 's/.*[?&]code=\([^&]*\).*/\1/p')
tokens=$(curl -s "$OP/token" -d client_id=app -d grant_type=authorization_code -d "code=$code" \
  -d "redirect_uri=$callback" -d "code_verifier=$verifier")
access=$(echo "$tokens" | sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p')
refresh=$(echo "$tokens" | sed -n 's/.*"refresh_token":"\([^"]*\)".*/\1/p')
