"""What whoever runs the service asks of it: whether it lives and is ready, what it logs, counts and refuses.

health   /healthz (the process) and /readyz (database, migrations, data)
logs     records as lines of text or JSON, with request and session, never with a secret
metrics  /metrics for Prometheus, off by default
limits   requests that are too long are refused before they are read
__main__ serves it: what uvicorn is told
watched  the middleware that gives each request its id, logs and counts it
"""
