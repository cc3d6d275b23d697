// SPDX-License-Identifier: Apache-2.0
#include "agent/supervise/probe_check.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <array>
#include <memory>
#include <mutex>

namespace ifrit::agent::supervise {
namespace {

constexpr std::size_t kMessageBytes = 300;
// More of an answer than this is not read: the status line is what counts.
constexpr std::size_t kMaxBodyBytes = 1024 * 1024;

std::string lastLine(const std::string& output) {
    const auto end = output.find_last_not_of(" \t\r\n");
    if (end == std::string::npos) return "";
    const auto lineStart = output.find_last_of('\n', end);
    const auto start = lineStart == std::string::npos ? 0 : lineStart + 1;
    return output.substr(start, std::min(end + 1 - start, kMessageBytes));
}

ProbeResult checkExec(const ProbeRequest& request, platform::CommandRunner& commands) {
    platform::LaunchSpec spec;
    spec.command = request.probe.command;
    spec.environment = request.environment;
    spec.workingDirectory = request.workingDirectory;
    spec.account = request.account;
    const auto result = commands.run(spec, request.probe.timeout);
    if (!result.ok()) return {false, base::messageOf(result.status())};
    std::string message =
        result->timedOut
            ? fmt::format("{} gave no answer in {} ms", spec.command[0],
                          request.probe.timeout.count())
            : fmt::format("{} {}", spec.command[0], platform::describe(result->status));
    if (const std::string line = lastLine(result->output); !line.empty()) message += ": " + line;
    return {result->success(), message};
}

struct Body {
    std::size_t bytes = 0;
};

std::size_t countBody(char*, std::size_t size, std::size_t count, void* user) {
    auto* body = static_cast<Body*>(user);
    body->bytes += size * count;
    return body->bytes > kMaxBodyBytes ? 0 : size * count;
}

using CurlHandle = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;

CurlHandle makeHandle() {
    // libcurl's global set-up must happen once, before any handle, whoever comes first.
    static std::once_flag once;
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    return {curl_easy_init(), &curl_easy_cleanup};
}

void setCommon(CURL* handle, const domain::Probe& probe, const std::string& url, char* error) {
    curl_easy_setopt(handle, CURLOPT_URL, url.c_str());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);  // no SIGALRM in a process with threads
    curl_easy_setopt(handle, CURLOPT_PROXY, "");
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(probe.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(probe.timeout.count()));
    curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(handle, CURLOPT_USERAGENT, "ifrit-probe");
}

std::string describeError(CURLcode code, const char* detail, const std::string& target) {
    return fmt::format("{}: {}", target, detail[0] != '\0' ? detail : curl_easy_strerror(code));
}

ProbeResult checkTcp(const domain::Probe& probe) {
    const CurlHandle handle = makeHandle();
    if (!handle) return {false, "libcurl gave no handle: out of memory"};
    std::array<char, CURL_ERROR_SIZE> error{};
    setCommon(handle.get(), probe, "http://" + probe.address, error.data());
    curl_easy_setopt(handle.get(), CURLOPT_CONNECT_ONLY, 1L);
    const CURLcode code = curl_easy_perform(handle.get());
    if (code != CURLE_OK) return {false, describeError(code, error.data(), probe.address)};
    return {true, probe.address + " accepts connections"};
}

ProbeResult checkHttp(const domain::Probe& probe) {
    const CurlHandle handle = makeHandle();
    if (!handle) return {false, "libcurl gave no handle: out of memory"};
    std::array<char, CURL_ERROR_SIZE> error{};
    Body body;
    setCommon(handle.get(), probe, probe.url, error.data());
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, &countBody);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &body);
    const CURLcode code = curl_easy_perform(handle.get());
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    // An answer that is longer than we care to read is an answer.
    const bool answered = code == CURLE_OK || (code == CURLE_WRITE_ERROR && status != 0);
    if (!answered) return {false, describeError(code, error.data(), probe.url)};
    return {status >= 200 && status < 300, fmt::format("HTTP {} from {}", status, probe.url)};
}

}  // namespace

ProbeResult checkProbe(const ProbeRequest& request, platform::CommandRunner& commands) {
    switch (request.probe.kind) {
        case domain::Probe::Kind::Exec:
            return checkExec(request, commands);
        case domain::Probe::Kind::Tcp:
            return checkTcp(request.probe);
        case domain::Probe::Kind::Http:
            return checkHttp(request.probe);
    }
    return {false, "unknown kind of probe"};
}

}  // namespace ifrit::agent::supervise
