-- Signed webhooks, each a comment of its own, for wrk. The secret is the
-- script's argument; SLUICE_BENCH_START keeps ids of several runs apart.
local ffi = require("ffi")
local crypto = ffi.load("libcrypto.so.3")
ffi.cdef [[
const void *EVP_sha256(void);
unsigned char *HMAC(const void *md, const void *key, int key_len,
                    const unsigned char *d, size_t n, unsigned char *out,
                    unsigned int *out_len);
int EVP_EncodeBlock(unsigned char *t, const unsigned char *f, int n);
]]

local threads = 0

function setup(thread)
    thread:set("thread_id", threads)
    threads = threads + 1
end

local out = ffi.new("unsigned char[32]")
local len = ffi.new("unsigned int[1]")
local text = ffi.new("unsigned char[64]")
local key = "0123456789abcdef0123456789abcdef"
local count = 0
local stamp
local start

local body = '{"type":"comment.created","timestamp":"2026-11-25T10:00:00Z",'
    .. '"data":{"comment":{"id":%d,"post":7,"parent":0,"author":0,'
    .. '"author_name":"Michael Tarrant","author_email":"m@example.org",'
    .. '"author_url":"","author_ip":"203.0.113.9",'
    .. '"author_user_agent":"Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101",'
    .. '"date_gmt":"2026-11-25T09:59:59","content":{"raw":"Well said. The '
    .. 'council has been promising a new bridge for %d years now, and all we '
    .. 'got is another study. I walked past the site on Sunday with my '
    .. 'daughter and there is not a single worker to be seen; the fence has '
    .. 'fallen over and nobody cares. If they want our votes next spring they '
    .. 'should come and look at it themselves."},"status":"hold",'
    .. '"type":"comment","post_title":"Bridge delayed again"},'
    .. '"status":"hold"}}'

function init(args)
    stamp = tostring(os.time())
    start = tonumber(os.getenv("SLUICE_BENCH_START") or "0")
end

function request()
    count = count + 1
    local id = (start + thread_id) * 10000000 + count
    local event = string.format("evt_%d", id)
    local data = string.format(body, id, id)
    local signed = event .. "." .. stamp .. "." .. data

    crypto.HMAC(crypto.EVP_sha256(), key, #key, signed, #signed, out, len)
    local n = crypto.EVP_EncodeBlock(text, out, 32)

    return wrk.format("POST", "/v1/hooks/bench", {
        ["Host"] = "localhost",
        ["Content-Type"] = "application/json",
        ["webhook-id"] = event,
        ["webhook-timestamp"] = stamp,
        ["webhook-signature"] = "v1," .. ffi.string(text, n),
    }, data)
end

-- At a given rate: each connection pauses so long between two requests.
local rate = tonumber(os.getenv("SLUICE_BENCH_RATE") or "0")
local connections = tonumber(os.getenv("SLUICE_BENCH_CONNECTIONS") or "1")

if rate > 0 then
    function delay()
        return math.random() * 2 * connections * 1000 / rate
    end
end
