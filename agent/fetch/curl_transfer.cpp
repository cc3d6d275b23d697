// SPDX-License-Identifier: Apache-2.0
#include "agent/fetch/curl_transfer.h"

#include <curl/curl.h>

#include <array>
#include <memory>

namespace ifrit::agent::fetch {
namespace {

constexpr long kMaxRedirections = 5;
constexpr long kConnectMillis = 15'000;
constexpr std::chrono::milliseconds kSignOfLife{900};
constexpr long kOk = 200;
constexpr long kPartial = 206;

struct Running {
    CURL* curl = nullptr;
    std::uint64_t offset = 0;
    std::uint64_t rangeStart = 0;  ///< of Content-Range; of the last answer, past redirections
    bool rangeSeen = false;
    const std::function<bool(std::string_view)>* sink = nullptr;
    std::string refused;  ///< why the answer is not taken
    std::chrono::steady_clock::time_point lastSign = std::chrono::steady_clock::now();
};

/// "bytes 100-199/200" after the name; false for anything else.
bool readRangeStart(std::string_view line, std::uint64_t& start) {
    constexpr std::string_view kName = "content-range:";
    if (line.size() <= kName.size()) return false;
    for (std::size_t i = 0; i < kName.size(); ++i) {
        const char c = line[i] >= 'A' && line[i] <= 'Z' ? static_cast<char>(line[i] + 32) : line[i];
        if (c != kName[i]) return false;
    }
    line.remove_prefix(kName.size());
    while (!line.empty() && line.front() == ' ')
        line.remove_prefix(1);
    constexpr std::string_view kUnit = "bytes ";
    if (line.rfind(kUnit, 0) != 0) return false;
    line.remove_prefix(kUnit.size());
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; digits < line.size() && line[digits] >= '0' && line[digits] <= '9'; ++digits)
        value = value * 10 + static_cast<std::uint64_t>(line[digits] - '0');
    if (digits == 0 || digits > 18 || digits == line.size() || line[digits] != '-') return false;
    start = value;
    return true;
}

std::size_t onHeader(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& running = *static_cast<Running*>(context);
    const std::string_view line(bytes, size * count);
    if (line.rfind("HTTP/", 0) == 0) running.rangeSeen = false;
    if (readRangeStart(line, running.rangeStart)) running.rangeSeen = true;
    return size * count;
}

/// Empty when the answer is the range that was asked for.
std::string objection(const Running& running) {
    long status = 0;
    curl_easy_getinfo(running.curl, CURLINFO_RESPONSE_CODE, &status);
    if (status == kPartial && running.rangeSeen && running.rangeStart == running.offset) return {};
    if (status == kOk && running.offset == 0) return {};
    if (status == kOk) return "the server knows no ranges: it answers a part with the whole";
    if (status == kPartial) return "the server sends another range than the one asked for";
    return "the server answers " + std::to_string(status);
}

std::size_t onBody(char* bytes, std::size_t size, std::size_t count, void* context) {
    auto& running = *static_cast<Running*>(context);
    running.refused = objection(running);
    if (!running.refused.empty()) return 0;
    return (*running.sink)({bytes, size * count}) ? size * count : 0;
}

/// Called by libcurl at least about once a second, whether anything comes or not: so a reader that
/// is gone, or has waited long enough, is noticed while the server is silent.
int onProgress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    auto& running = *static_cast<Running*>(context);
    const auto now = std::chrono::steady_clock::now();
    if (now - running.lastSign < kSignOfLife) return 0;
    running.lastSign = now;
    return (*running.sink)({}) ? 0 : 1;
}

void setUp(CURL* curl, const TransferRequest& request, Running& running, char* error) {
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, kMaxRedirections);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, kConnectMillis);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "ifrit-fetch/" IFRIT_VERSION);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, onHeader);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &running);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onBody);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &running);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, onProgress);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &running);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 128L * 1024);
    if (request.offset > 0) {
        curl_easy_setopt(curl, CURLOPT_RANGE, (std::to_string(request.offset) + "-").c_str());
    }
    if (!request.roots.empty()) {
        curl_blob roots{const_cast<char*>(request.roots.data()), request.roots.size(),
                        CURL_BLOB_COPY};
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &roots);
        curl_easy_setopt(curl, CURLOPT_CAPATH, nullptr);
    }
}

}  // namespace

TransferEnd transfer(const TransferRequest& request,
                     const std::function<bool(std::string_view)>& sink) {
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    if (!curl) return {"libcurl cannot be set up", false};
    Running running;
    running.curl = curl.get();
    running.offset = request.offset;
    running.sink = &sink;
    std::array<char, CURL_ERROR_SIZE> error{};
    setUp(curl.get(), request, running, error.data());
    const CURLcode code = curl_easy_perform(curl.get());
    if (code == CURLE_OK) return {objection(running), false};  // no body: nobody has judged it yet
    if (!running.refused.empty()) return {running.refused, false};
    const bool late = code == CURLE_OPERATION_TIMEDOUT;
    return {error[0] != '\0' ? error.data() : curl_easy_strerror(code), late};
}

}  // namespace ifrit::agent::fetch
