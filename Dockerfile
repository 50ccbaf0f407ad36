# Two stages: the first builds the wheel and the environment, the second holds nothing that builds.
FROM python:3.12-slim AS build
WORKDIR /src
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /app
COPY requirements.lock ./
RUN /app/bin/pip install --require-hashes --requirement requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY adapters adapters
COPY content content
COPY scheduler scheduler
RUN /app/bin/pip install --no-deps --no-build-isolation . && /app/bin/pip uninstall --yes hatchling editables pip

FROM python:3.12-slim
# The image runs read-only and as nobody in particular; only the volume is written to.
RUN useradd --uid 10001 --create-home --home-dir /var/lib/pivotbot pivotbot
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////var/lib/pivotbot/pivotbot.db \
    HOST=0.0.0.0 \
    LOG_FORMAT=json
USER 10001
WORKDIR /var/lib/pivotbot
VOLUME /var/lib/pivotbot
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('PROBES_PORT') or os.environ.get('PORT') or 8080}/healthz\", timeout=4)"]
ENTRYPOINT ["pivotbot"]
CMD ["run"]
