# Owns the image: a build stage with everything, and what is needed to run in a small one. Its bases are tags, so that each
# build has the latest fixes of Node.js and of what is below it: build with --pull, and again from time to time.

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY src ./src
# The demo is for people at a checkout.
RUN npm run build \
  && rm -rf dist/demo \
  && npm prune --omit=dev --ignore-scripts --no-audit --no-fund
# What is in the image, as CycloneDX has it: read from what is installed, since npm leaves packages out that are needed for
# tests as well where it is to omit those.
RUN npm pkg delete devDependencies \
  && npm sbom --sbom-format=cyclonedx > sbom.cdx.json

FROM node:22-alpine
# Given by who publishes it: docker build --build-arg REVISION=$(git rev-parse HEAD) --build-arg SOURCE=https://…
ARG VERSION=0.1.0 REVISION= CREATED= SOURCE=
LABEL org.opencontainers.image.title="Headgate" \
  org.opencontainers.image.description="A typed GraphQL API, compatible with WPGraphQL, in front of any WordPress site." \
  org.opencontainers.image.version="$VERSION" \
  org.opencontainers.image.revision="$REVISION" \
  org.opencontainers.image.created="$CREATED" \
  org.opencontainers.image.source="$SOURCE" \
  org.opencontainers.image.documentation="$SOURCE" \
  org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production PORT=4000
WORKDIR /app
COPY --from=build /app/package.json /app/sbom.cdx.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
# What runs installs nothing: package managers are of use to intruders only.
RUN rm -rf /usr/local/lib/node_modules /usr/local/bin/npm /usr/local/bin/npx /usr/local/bin/corepack \
  /usr/local/bin/yarn /usr/local/bin/yarnpkg /opt/yarn-*
# A number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 4000
# The gateway finishes what is under way, and ends within ten seconds.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "const h = process.env.HOST || '127.0.0.1'; fetch(`http://${h.includes(':') ? `[${h === '::' ? '::1' : h}]` : h}:${process.env.PORT}/health`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/cli/main.js"]
CMD ["start"]
