-- PROPFIND with a fixed body; DEPTH (without: GET) and AUTH come from the environment. One line of JSON at the end.
local body = [[<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:prop><D:resourcetype/><D:getcontentlength/><D:getlastmodified/><D:getetag/><D:displayname/><D:getcontenttype/></D:prop></D:propfind>]]
-- a signed address takes no credentials
if os.getenv("AUTH") then
  wrk.headers["Authorization"] = os.getenv("AUTH")
end
if os.getenv("DEPTH") then
  wrk.method = "PROPFIND"
  wrk.body = body
  wrk.headers["Depth"] = os.getenv("DEPTH")
  wrk.headers["Content-Type"] = "application/xml"
end

function done(summary, latency, _)
  local e = summary.errors
  io.write(string.format(
    'JSON {"requests": %d, "us": %d, "bytes": %d, "p50": %.1f, "p99": %.1f, "errors": %d}\n',
    summary.requests, summary.duration, summary.bytes, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
