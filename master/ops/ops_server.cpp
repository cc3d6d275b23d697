// SPDX-License-Identifier: Apache-2.0
#include "master/ops/ops_server.h"

#include <fcntl.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstring>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>

#include "shared/base/host_port.h"

namespace ifrit::master::ops {
namespace {

constexpr unsigned kConnections = 64;
constexpr unsigned kIdleSeconds = 10;
constexpr std::size_t kConnectionBytes = 32 * 1024;
constexpr char kTls[] = "SECURE256:+SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

absl::StatusOr<Addresses> resolve(const std::string& listen) {
    const auto place = base::parseHostPort(listen, base::PortZero::AnyFree);
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo* found = nullptr;
    const int failed = place.ok()
                           ? ::getaddrinfo(place->host.c_str(), std::to_string(place->port).c_str(),
                                           &hints, &found)
                           : EAI_NONAME;
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
        if (socket >= 0) ::close(socket);
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

    template <typename Where>
    MHD_Daemon* begin(MHD_OPTION how, Where where) {
        return MHD_start_daemon(
            flags, 0, nullptr, nullptr, &Inside::handle, this, how, where,
            MHD_OPTION_HTTPS_MEM_CERT, parts.certificatePem.c_str(), MHD_OPTION_HTTPS_MEM_KEY,
            parts.privateKeyPem.c_str(), MHD_OPTION_HTTPS_PRIORITIES, kTls,
            MHD_OPTION_CONNECTION_LIMIT, kConnections, MHD_OPTION_CONNECTION_TIMEOUT, kIdleSeconds,
            MHD_OPTION_CONNECTION_MEMORY_LIMIT, kConnectionBytes, MHD_OPTION_END);
    }

    /// On a copy of the socket, which the daemon closes at its end, and also where it cannot begin:
    /// then the socket is kept.
    bool listenOn() {
        const int copy = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) return false;
        daemon = begin(MHD_OPTION_LISTEN_SOCKET, copy);
        if (daemon == nullptr) return false;
        ::close(std::exchange(socket, -1));
        return true;
    }

    Parts parts;
    unsigned flags = MHD_USE_TLS | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_ITC;
    MHD_Daemon* daemon = nullptr;
    int socket = -1;  ///< while no daemon runs: the one that it left
    int port = 0;
};

OpsServer::OpsServer(std::unique_ptr<Inside> inside) : m_inside(std::move(inside)) {}
OpsServer::~OpsServer() = default;

absl::StatusOr<std::unique_ptr<OpsServer>> OpsServer::start(Parts parts) {
    IFRIT_ASSIGN_OR_RETURN(const Addresses addresses, resolve(parts.listen));
    auto inside = std::make_unique<Inside>(std::move(parts));
    if (addresses->ai_family == AF_INET6) inside->flags |= MHD_USE_IPv6;
    inside->daemon = inside->begin(MHD_OPTION_SOCK_ADDR, addresses->ai_addr);
    if (inside->daemon == nullptr) {
        const std::string& listen = inside->parts.listen;
        return base::makeError(
            absl::StatusCode::kUnavailable, "LISTEN", listen,
            fmt::format("metrics.listen: cannot listen on {}: is the port taken?", listen));
    }
    const MHD_DaemonInfo* info = MHD_get_daemon_info(inside->daemon, MHD_DAEMON_INFO_BIND_PORT);
    inside->port = info == nullptr ? 0 : info->port;
    return std::unique_ptr<OpsServer>(new OpsServer(std::move(inside)));
}

absl::Status OpsServer::show(const std::string& certificatePem, const std::string& privateKeyPem) {
    Inside& in = *m_inside;
    const auto failed = [&in] {
        return base::makeError(
            absl::StatusCode::kUnavailable, "LISTEN", in.parts.listen,
            in.daemon != nullptr
                ? "/metrics cannot show another certificate"
                : "/metrics cannot show a certificate: it answers again after a reload that can");
    };
    // Who connects meanwhile waits in the socket's queue. A daemon that is told to end leaves open
    // what it was relieved of.
    if (in.daemon != nullptr) {
        in.socket = MHD_quiesce_daemon(in.daemon);
        if (in.socket < 0) return failed();
        MHD_stop_daemon(std::exchange(in.daemon, nullptr));
    }
    const std::pair before(in.parts.certificatePem, in.parts.privateKeyPem);
    in.parts.certificatePem = certificatePem;
    in.parts.privateKeyPem = privateKeyPem;
    if (in.listenOn()) return absl::OkStatus();
    std::tie(in.parts.certificatePem, in.parts.privateKeyPem) = before;
    in.listenOn();
    return failed();
}

int OpsServer::port() const {
    return m_inside->port;
}

}  // namespace ifrit::master::ops
