npm run --silent ctl -- --version
