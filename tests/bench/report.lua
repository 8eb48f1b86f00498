-- One request again and again: METHOD, BODY (a file), DEPTH and AUTH come from the environment.
-- One line of JSON at the end.
wrk.method = os.getenv("METHOD")
wrk.body = io.open(os.getenv("BODY")):read("a")
wrk.headers["Content-Type"] = "application/xml; charset=utf-8"
if os.getenv("AUTH") then
  wrk.headers["Authorization"] = os.getenv("AUTH")
end
if os.getenv("DEPTH") then
  wrk.headers["Depth"] = os.getenv("DEPTH")
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    'JSON {"requests": %d, "us": %d, "bytes": %d, "p50": %.1f, "p99": %.1f, "errors": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
