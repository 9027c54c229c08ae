-- Sends the request targets of a file, one a line, round and round; at the end says what happened as one line.
local requests = {}
local at = 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format('GET', line)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\nLOAD %d %d %d %d %d\n', summary.requests, failed, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
