# A target per server: docker build --target sql-explorer -t sql-explorer-mcp .
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN npx -y pnpm@10.34.8 install --frozen-lockfile
RUN node scripts/build.mjs
RUN npx -y pnpm@10.34.8 --filter habu-cleanroom-mcp --prod --config.inject-workspace-packages=true deploy /out/habu-cleanroom-mcp
RUN npx -y pnpm@10.34.8 --filter jq-data-mcp --prod --config.inject-workspace-packages=true deploy /out/jq-data-mcp
RUN npx -y pnpm@10.34.8 --filter lineage-mcp --prod --config.inject-workspace-packages=true deploy /out/lineage-mcp
RUN npx -y pnpm@10.34.8 --filter sql-explorer-mcp --prod --config.inject-workspace-packages=true deploy /out/sql-explorer-mcp

FROM node:20-bookworm-slim AS habu-cleanroom
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out/habu-cleanroom-mcp .
RUN install -d -o node -g node -m 700 /var/lib/habu-cleanroom
USER node
EXPOSE 8080
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["--http", "0.0.0.0:8080", "--config", "/etc/mcp-data/habu-cleanroom.yaml"]

FROM node:20-bookworm-slim AS jq-data
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out/jq-data-mcp .
RUN install -d -o node -g node -m 700 /var/lib/jq-data
USER node
EXPOSE 8080
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["--http", "0.0.0.0:8080", "--config", "/etc/mcp-data/jq-data.yaml"]

FROM node:20-bookworm-slim AS lineage
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out/lineage-mcp .
RUN install -d -o node -g node -m 700 /var/lib/lineage
USER node
EXPOSE 8080
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["--http", "0.0.0.0:8080", "--data-dir", "/var/lib/lineage", "--config", "/etc/mcp-data/lineage.yaml"]

FROM node:20-bookworm-slim AS sql-explorer
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out/sql-explorer-mcp .
USER node
EXPOSE 8080
ENTRYPOINT ["node", "dist/cli.js"]
CMD ["--http", "0.0.0.0:8080", "--config", "/etc/mcp-data/sql-explorer.yaml"]
