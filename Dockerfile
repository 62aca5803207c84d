# The images, each Node.js and a bundle. From the root of the repository:
#   docker build --target operator -t metadata-mirror/operator:0.1.0 .
#   docker build --target ambassador -t metadata-mirror/ambassador:0.1.0 .
ARG BUILD_BASE=node:24
ARG BASE=node:24-slim

FROM ${BUILD_BASE} AS build
WORKDIR /src
# what is installed changes less often than what is built: a layer of its own
COPY package.json pnpm-lock.yaml pnpm-workspace.yaml ./
COPY apps/ambassador/package.json apps/ambassador/
COPY apps/operator/package.json apps/operator/
COPY packages/api-client/package.json packages/api-client/
COPY packages/auth/package.json packages/auth/
COPY packages/control-plane/package.json packages/control-plane/
COPY packages/metadata-model/package.json packages/metadata-model/
COPY packages/service/package.json packages/service/
RUN npx -y pnpm@12 install --frozen-lockfile --ignore-scripts \
      --filter @metadata-mirror/operator... --filter @metadata-mirror/ambassador...
COPY . .
RUN for app in operator ambassador; do (cd apps/$app && node_modules/.bin/rolldown -c ../../rolldown.config.ts) || exit 1; done

FROM ${BASE} AS runtime
USER 65532:65532

FROM runtime AS operator
COPY --from=build /src/apps/operator/dist /app
# glibc keeps what is freed, an arena a thread: of V8's compilers 20 MB, which they need at the start only
ENV MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=16384 MALLOC_TRIM_THRESHOLD_=65536
ENTRYPOINT ["node", "--max-semi-space-size=2", "/app/main.cjs"]

FROM runtime AS ambassador
COPY --from=build /src/apps/ambassador/dist /app
# what streams through is garbage at once: a small young generation keeps it small
ENTRYPOINT ["node", "--max-semi-space-size=2", "/app/main.cjs"]
