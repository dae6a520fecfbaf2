npm run --silent ctl -- --version
npm run --silent ctl -- --version
