# The reference OpenID Provider in production mode. docs/operations/containers.md explains how to run it.
FROM node:24-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY src/module/package.json src/module/
COPY src/conformance/package.json src/conformance/
COPY src/cli/package.json src/cli/
COPY src/testing/package.json src/testing/
COPY src/reference-op/package.json src/reference-op/
RUN npm ci
COPY tsconfig.json ./
COPY config config
COPY src src
RUN npm run build
# Removes what only tests and tools need.
RUN npm prune --omit=dev

FROM node:24-slim
WORKDIR /home/node
COPY --from=build /build/package.json ./
COPY --from=build /build/config/default.yaml config/
COPY --from=build /build/node_modules node_modules
COPY --from=build /build/src/module/package.json src/module/
COPY --from=build /build/src/module/dist src/module/dist
COPY --from=build /build/src/cli/package.json src/cli/
COPY --from=build /build/src/cli/dist src/cli/dist
COPY --from=build /build/src/reference-op/package.json src/reference-op/
COPY --from=build /build/src/reference-op/dist src/reference-op/dist
# The files above belong to root: the server cannot change them.
USER node
RUN mkdir -m 700 secrets
ENV NODE_ENV=production PORT=3000
EXPOSE 3000
HEALTHCHECK --start-period=30s --interval=10s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1))"]
CMD ["node", "src/reference-op/dist/main.js"]
