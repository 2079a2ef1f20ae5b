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

FROM debian:bookworm-slim
# A mail server is known by certificates that this package has.
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home --home-dir /var/lib/ocop ocop
COPY --from=build /src/target/dist/ocop /usr/local/bin/ocop
USER ocop
WORKDIR /var/lib/ocop
VOLUME /var/lib/ocop/data
# How people reach it is said with OCOP_PUBLIC_URL; without it nothing starts, for stamps carry that address.
ENV OCOP_LISTEN=0.0.0.0:8080
EXPOSE 8080
ENTRYPOINT ["ocop"]
CMD ["serve"]
