-- Sends the request targets of a file, one a line, round and round; at the end says what happened as one line. A form
-- behind a tabulator is posted, from the address behind another. A second argument is text that each answer must hold, a
-- third the milliseconds that each connection pauses before a request, in the middle and by chance.
local requests = {}
local at = 0
local threads = {}
wrong = 0

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  for line in io.lines(arguments[1]) do
    local path, form, from = line:match('^([^\t]*)\t?([^\t]*)\t?(.*)$')
    local headers = {}
    if from ~= '' then headers['X-Forwarded-For'] = from end
    if form == '' then
      requests[#requests + 1] = wrk.format('GET', path, headers)
    else
      headers['Content-Type'] = 'application/x-www-form-urlencoded'
      requests[#requests + 1] = wrk.format('POST', path, headers, form)
    end
  end
  local held = arguments[2]
  if held and held ~= '' then
    response = function(_, _, body)
      if not body:find(held, 1, true) then wrong = wrong + 1 end
    end
  end
  local pause = tonumber(arguments[3])
  if pause then
    -- Calls that nobody arranges with each other come at any moment: their gaps are exponential.
    delay = function() return math.floor(-pause * math.log(1 - math.random()) + 0.5) end
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  for _, thread in ipairs(threads) do failed = failed + thread:get('wrong') end
  io.write(string.format('\nLOAD %d %d %d %d %d %d\n', summary.requests, failed, summary.duration,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
