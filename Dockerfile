# One image for every process of the product and for the simulated PayPay: the command says which.
#
#   docker build -t paypay-order-streams .
#   docker run --read-only --env-file settings.env -v streams:/data paypay-order-streams
#
# It holds dist/ and what dist/ imports: no source, no compiler, no test tool. It writes below /data
# alone, so that the rest may be mounted read-only.

FROM node:20.19.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY patches patches
RUN npm ci
COPY . .
# The last folder is the chaos runs' and benchmarks' own.
RUN npm run build && rm -r dist/proof && mkdir data

FROM node:20.19.0-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY patches patches
# No package runs code of its own here; the patches are ours. RocksDB comes for every system there is.
RUN npm ci --omit=dev --ignore-scripts \
  && npm run postinstall \
  && find node_modules/rocksdb-native/prebuilds -mindepth 1 -maxdepth 1 ! -name 'linux-*' -exec rm -r {} +

FROM node:20.19.0-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production \
  HEALTH_HOST=0.0.0.0 \
  MALLOC_ARENA_MAX=2 \
  HEALTH_URL=http://127.0.0.1:8090/health/ready \
  STREAMS_DATA=/data
COPY package.json ./
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY --from=build --chown=1000:1000 /app/data /data
# "node" by number: who runs it need not know the image to see that it is not root.
USER 1000:1000
VOLUME /data
EXPOSE 8090
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "--eval", "fetch(process.env.HEALTH_URL).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--enable-source-maps", "--heap-growing-percent=100"]
CMD ["dist/streams/main.js"]
