# Builds the one binary, then puts it alone on a small system.
FROM rust:1.95-bookworm AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY templates templates
COPY migrations migrations
COPY benches benches
COPY docs/vi docs/vi
RUN cargo build --profile dist --locked --bin ocop

FROM debian:bookworm-slim AS installed
# A mail server is known by certificates that this package has.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
# The folder is there with its owner, for a volume takes both from it.
RUN useradd --create-home --home-dir /var/lib/ocop ocop && install -d -m 700 -o ocop -g ocop /var/lib/ocop/data
COPY --from=build /src/target/dist/ocop /usr/local/bin/ocop
USER ocop
WORKDIR /var/lib/ocop
VOLUME /var/lib/ocop/data
ENTRYPOINT ["ocop"]

# The same with pg_dump and pg_restore, for backups of PostgreSQL: `docker build --target backup`.
FROM installed AS backup
USER root
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-client && rm -rf /var/lib/apt/lists/*
USER ocop
CMD ["backup", "--help"]

FROM installed
# How people reach it is said with OCOP_PUBLIC_URL; without it nothing starts, for stamps carry that address.
ENV OCOP_LISTEN=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=15s --start-period=60s CMD ["bash", "-c", \
    "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /readyz HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
CMD ["serve"]
