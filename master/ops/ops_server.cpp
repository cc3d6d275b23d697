// SPDX-License-Identifier: Apache-2.0
#include "master/ops/ops_server.h"

#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>

#include <cstring>
#include <exception>
#include <optional>
#include <utility>

#include "shared/base/status.h"

namespace ifrit::master::ops {
namespace {

constexpr unsigned kConnections = 64;
constexpr unsigned kIdleSeconds = 10;
constexpr std::size_t kConnectionBytes = 32 * 1024;
constexpr char kTls[] = "SECURE256:+SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

absl::StatusOr<Addresses> resolve(const std::string& listen) {
    const std::size_t colon = listen.rfind(':');
    std::string host = colon == std::string::npos ? "" : listen.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']')
        host = host.substr(1, host.size() - 2);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int failed =
        host.empty() ? EAI_NONAME
                     : ::getaddrinfo(host.c_str(), listen.c_str() + colon + 1, &hints, &found);
    if (failed != 0) {
        return base::invalidArgument("LISTEN", listen, "metrics.listen: {} cannot be used: {}",
                                     listen, ::gai_strerror(failed));
    }
    return Addresses(found, &::freeaddrinfo);
}

struct ResponseDeleter {
    void operator()(MHD_Response* response) const { MHD_destroy_response(response); }
};
using Response = std::unique_ptr<MHD_Response, ResponseDeleter>;

Response responseOf(const Page& page) {
    // Copied by the library, which may send it after we are gone.
    Response response(MHD_create_response_from_buffer(
        page.body.size(), const_cast<char*>(page.body.data()), MHD_RESPMEM_MUST_COPY));
    if (response) {
        MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CONTENT_TYPE, page.type.c_str());
        MHD_add_response_header(response.get(), MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    }
    return response;
}

}  // namespace

struct OpsServer::Inside {
    explicit Inside(Parts given) : parts(std::move(given)) {}
    ~Inside() {
        if (daemon != nullptr) MHD_stop_daemon(daemon);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

    Page pageFor(std::string_view method, std::string_view path) const {
        if (method != MHD_HTTP_METHOD_GET && method != MHD_HTTP_METHOD_HEAD)
            return {MHD_HTTP_METHOD_NOT_ALLOWED, Page().type, "only GET and HEAD\n"};
        try {
            if (auto page = parts.answer(path)) return *std::move(page);
        } catch (const std::exception& error) {
            spdlog::error("{} cannot be answered: {}", path, error.what());
            return {MHD_HTTP_INTERNAL_SERVER_ERROR, Page().type, "see the master's log\n"};
        }
        return {MHD_HTTP_NOT_FOUND, Page().type, "there are /metrics, /healthz and /readyz\n"};
    }

    static MHD_Result handle(void* self, MHD_Connection* connection, const char* path,
                             const char* method, const char*, const char*, std::size_t* uploadBytes,
                             void** seen) {
        // The first call of a request comes before its body, of which nothing is kept.
        if (*seen == nullptr) {
            *seen = self;
            return MHD_YES;
        }
        if (*uploadBytes != 0) {
            *uploadBytes = 0;
            return MHD_YES;
        }
        const Page page = static_cast<Inside*>(self)->pageFor(method, path);
        const Response response = responseOf(page);
        if (!response) return MHD_NO;
        return MHD_queue_response(connection, static_cast<unsigned>(page.status), response.get());
    }

    const Parts parts;
    MHD_Daemon* daemon = nullptr;
};

OpsServer::OpsServer(std::unique_ptr<Inside> inside) : m_inside(std::move(inside)) {}
OpsServer::~OpsServer() = default;

absl::StatusOr<std::unique_ptr<OpsServer>> OpsServer::start(Parts parts) {
    IFRIT_ASSIGN_OR_RETURN(const Addresses addresses, resolve(parts.listen));
    auto inside = std::make_unique<Inside>(std::move(parts));
    const Parts& used = inside->parts;
    unsigned flags = MHD_USE_TLS | MHD_USE_INTERNAL_POLLING_THREAD;
    if (addresses->ai_family == AF_INET6) flags |= MHD_USE_IPv6;
    inside->daemon = MHD_start_daemon(
        flags, 0, nullptr, nullptr, &Inside::handle, inside.get(), MHD_OPTION_SOCK_ADDR,
        addresses->ai_addr, MHD_OPTION_HTTPS_MEM_CERT, used.certificatePem.c_str(),
        MHD_OPTION_HTTPS_MEM_KEY, used.privateKeyPem.c_str(), MHD_OPTION_HTTPS_PRIORITIES, kTls,
        MHD_OPTION_CONNECTION_LIMIT, kConnections, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes, MHD_OPTION_END);
    if (inside->daemon == nullptr) {
        return base::makeError(
            absl::StatusCode::kUnavailable, "LISTEN", used.listen,
            fmt::format("metrics.listen: cannot listen on {}: is the port taken?", used.listen));
    }
    return std::unique_ptr<OpsServer>(new OpsServer(std::move(inside)));
}

int OpsServer::port() const {
    const MHD_DaemonInfo* info = MHD_get_daemon_info(m_inside->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info == nullptr ? 0 : info->port;
}

}  // namespace ifrit::master::ops
