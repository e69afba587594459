# One image for every role: the command chooses (publisher web, clock, worker, migrate).
FROM python:3.11-slim

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONUNBUFFERED=1 \
    PATH=/opt/venv/bin:$PATH

RUN groupadd --gid 10001 publisher \
    && useradd --uid 10001 --gid publisher --no-create-home --home-dir /data --shell /usr/sbin/nologin publisher \
    && install --directory --owner publisher --group publisher --mode 0750 /data \
    && install --directory --owner publisher --group publisher --mode 0755 /data/site

# The voice and the encoder of recordings (docs/decisions/0027).
RUN apt-get update \
    && apt-get install --yes --no-install-recommends espeak-ng ffmpeg \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY requirements.lock ./
RUN python -m venv /opt/venv && pip install --require-hashes -r requirements.lock

# In place, never as a wheel: `channels` is also another distribution's import name (docs/decisions/0004).
COPY . .
RUN pip install --no-deps --no-build-isolation --editable . \
    && python -m compileall -q assets campaigns channels publisher

USER 10001:10001
ENV PUBLISHER_VAR_DIR=/data \
    PUBLISHER_HOST=0.0.0.0 \
    PUBLISHER_MAKE_SECRETS=false \
    PORT=8000
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["publisher", "health", "web"]
CMD ["publisher", "web"]
