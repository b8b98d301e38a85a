# docker build -t tarecheck . && docker run --rm --network none --read-only --tmpfs /tmp -v "$PWD:/work:ro" tarecheck scan .

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements/runtime.txt requirements/
RUN python -m venv --without-pip /opt/tarecheck \
    && pip --python /opt/tarecheck install --only-binary :all: --require-hashes -r requirements/runtime.txt
COPY linter linter
COPY rules rules
# the checkout is the program; compiled here, since the running image writes nothing of its own
RUN site="$(/opt/tarecheck/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" \
    && cp -r linter "$site/linter" \
    && cp -r rules "$site/linter/_rules" \
    && /opt/tarecheck/bin/python -m compileall -q "$site/linter"

FROM python:3.13.15-slim-trixie@sha256:7c61056e61ac89e852de05f3dc6fa51a6dd2181797bceed46aa725dd7cb2cd3b

LABEL org.opencontainers.image.title="tarecheck" \
      org.opencontainers.image.description="Policy and security linter for AI container configurations" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.source="https://github.com/tarecheck/tarecheck"

COPY --from=build /opt/tarecheck /opt/tarecheck
# git serves --new-since and --policy-from; the mounted tree belongs to somebody else
# hadolint ignore=DL3008 # Debian keeps no old versions, a pinned one breaks the build; the base is pinned by digest
RUN apt-get update \
    && apt-get install -y --no-install-recommends git \
    && rm -rf /var/lib/apt/lists/* \
    && git config --system --add safe.directory /work \
    && useradd --no-log-init --uid 10001 --no-create-home --shell /usr/sbin/nologin tarecheck

ENV PATH=/opt/tarecheck/bin:$PATH \
    XDG_CACHE_HOME=/tmp/cache \
    PYTHONDONTWRITEBYTECODE=1
WORKDIR /work
USER 10001
HEALTHCHECK NONE
ENTRYPOINT ["python", "-I", "-m", "linter"]
CMD ["scan", "."]
