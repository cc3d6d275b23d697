// SPDX-License-Identifier: Apache-2.0
#include "gui/rpc/line_probe.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#ifdef _WIN32
#include <winsock2.h>
#else
#include <sys/socket.h>
#endif

#include <ctime>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "shared/base/host_port.h"

namespace ifrit::gui::rpc {
namespace {

using services::TestStep;
using services::TestStepResult;
using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t kMostShown = 10;
/// Keeps OpenSSL from asking for a pass phrase on the terminal.
char kNoPassphrase[] = "";

template <auto Function>
struct Free {
    template <typename T>
    void operator()(T* pointer) const {
        Function(pointer);
    }
};
using AddrInfo = std::unique_ptr<BIO_ADDRINFO, Free<BIO_ADDRINFO_free>>;
using Context = std::unique_ptr<SSL_CTX, Free<SSL_CTX_free>>;
using Ssl = std::unique_ptr<SSL, Free<SSL_free>>;
using Memory = std::unique_ptr<BIO, Free<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;

class Socket {
public:
    Socket() = default;
    explicit Socket(int fd) : m_fd(fd) {}
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    Socket(Socket&& other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    ~Socket() {
        if (m_fd >= 0) BIO_closesocket(m_fd);
    }
    int fd() const { return m_fd; }

private:
    int m_fd = -1;
};

std::string opensslError() {
    const char* data = nullptr;
    int flags = 0;
    const unsigned long error = ERR_peek_last_error_data(&data, &flags);
    const char* text = error != 0 ? ERR_reason_error_string(error) : nullptr;
    // "system lib" is what every error of the system is called; its own words are beside it.
    const bool isSystem = error != 0 && ERR_GET_REASON(error) == ERR_R_SYS_LIB;
    const bool hasWords = data != nullptr && *data != '\0' && (flags & ERR_TXT_STRING) != 0;
    if (isSystem && hasWords) text = data;
    std::string words = text != nullptr ? text : "no reason given";
    ERR_clear_error();
    return words;
}

absl::Status unavailable(std::string_view reason, const std::string& message) {
    return base::makeError(absl::StatusCode::kUnavailable, reason, "", message);
}

std::string dateOf(const ASN1_TIME* time) {
    std::tm parts{};
    if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return "unknown";
    return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

std::string pemOf(X509* certificate) {
    const Memory memory(BIO_new(BIO_s_mem()));
    if (!memory || PEM_write_bio_X509(memory.get(), certificate) != 1) return {};
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

/// The state of one run; each step says its result and what the next one needs.
class LineProbe {
public:
    LineProbe(const LineTarget& target, const std::atomic<bool>& cancelled)
        : m_target(target), m_cancelled(cancelled) {
        const auto place = base::parseHostPort(target.address);
        m_host = place.ok() ? place->host : target.address;
        m_port = place.ok() ? std::to_string(place->port) : std::string();
    }

    void lookUp(TestStepResult& result) {
        BIO_ADDRINFO* found = nullptr;
        if (BIO_lookup_ex(m_host.c_str(), m_port.c_str(), BIO_LOOKUP_CLIENT, AF_UNSPEC, SOCK_STREAM,
                          0, &found) != 1) {
            result.status = unavailable(
                "DNS", fmt::format("the name '{}' has no address: {}", m_host, opensslError()));
            result.hint = "check the spelling, the resolver and the VPN";
            return;
        }
        m_addresses.reset(found);
        std::vector<std::string> texts;
        for (const BIO_ADDRINFO* at = found; at != nullptr; at = BIO_ADDRINFO_next(at)) {
            char* text = BIO_ADDR_hostname_string(BIO_ADDRINFO_address(at), 1);
            if (text != nullptr) texts.emplace_back(text);
            OPENSSL_free(text);
        }
        result.detail = fmt::format("{}", fmt::join(texts, ", "));
    }

    void connect(TestStepResult& result) {
        std::string why = "no address";
        for (const BIO_ADDRINFO* at = m_addresses.get(); at != nullptr;
             at = BIO_ADDRINFO_next(at)) {
            if (absl::Status status = connectTo(at); status.ok()) {
                result.detail = fmt::format("connected to {}", m_target.address);
                return;
            } else {
                why = base::messageOf(status);
            }
        }
        result.status =
            unavailable("TCP", fmt::format("no TCP connection to {}: {}", m_target.address, why));
        result.hint = "check that the master runs, that the port is right, and the firewall";
    }

    void shakeHands(TestStepResult& result) {
        const Context context(SSL_CTX_new(TLS_client_method()));
        if (absl::Status status = prepare(context.get()); !status.ok()) {
            result.status = status;
            result.hint = "import the bundle again";
            return;
        }
        const Ssl ssl(SSL_new(context.get()));
        expectName(ssl.get());
        SSL_set_fd(ssl.get(), m_socket.fd());
        if (absl::Status status = handshake(ssl.get()); !status.ok()) {
            result.status = status;
            explain(SSL_get_verify_result(ssl.get()), result);
            return;
        }
        const Certificate peer(SSL_get1_peer_certificate(ssl.get()));
        result.detail = fmt::format("{}, certificate valid until {}", SSL_get_version(ssl.get()),
                                    dateOf(X509_get0_notAfter(peer.get())));
        result.certificatePem = pemOf(peer.get());
    }

    absl::StatusOr<std::vector<std::string>> showChain() {
        const Context context(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
        SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
        const Ssl ssl(SSL_new(context.get()));
        expectName(ssl.get());
        SSL_set_fd(ssl.get(), m_socket.fd());
        if (absl::Status status = handshake(ssl.get()); !status.ok()) return status;
        const STACK_OF(X509)* shown = SSL_get_peer_cert_chain(ssl.get());
        std::vector<std::string> out;
        for (int i = 0; shown != nullptr && i < sk_X509_num(shown); ++i)
            out.push_back(pemOf(sk_X509_value(shown, i)));
        if (out.size() > kMostShown) {
            return unavailable("TLS_FAILED", fmt::format("the server at {} shows {} certificates",
                                                         m_target.address, out.size()));
        }
        return out;
    }

private:
    absl::Status connectTo(const BIO_ADDRINFO* at) {
        Socket socket(BIO_socket(BIO_ADDRINFO_family(at), BIO_ADDRINFO_socktype(at),
                                 BIO_ADDRINFO_protocol(at), 0));
        if (socket.fd() < 0) return unavailable("TCP", opensslError());
        if (BIO_connect(socket.fd(), BIO_ADDRINFO_address(at), BIO_SOCK_NONBLOCK) != 1) {
            if (BIO_sock_should_retry(-1) == 0) return unavailable("TCP", opensslError());
            ERR_clear_error();
            if (!waitFor(socket.fd(), 0, deadline())) return unavailable("TCP", "no answer");
            if (const int error = BIO_sock_error(socket.fd()); error != 0) {
                return base::errnoStatus(error, m_target.address);
            }
        }
        m_socket = std::move(socket);
        return absl::OkStatus();
    }

    absl::Status prepare(SSL_CTX* context) const {
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        const Memory roots(
            BIO_new_mem_buf(m_target.caPem.data(), static_cast<int>(m_target.caPem.size())));
        int trusted = 0;
        while (X509* root = PEM_read_bio_X509(roots.get(), nullptr, nullptr, kNoPassphrase)) {
            const Certificate owner(root);
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context), root);
            ++trusted;
        }
        ERR_clear_error();
        if (trusted == 0) {
            return base::invalidArgument("BUNDLE_INVALID", "ca_pem",
                                         "the bundle's ca_pem holds no certificate");
        }
        return m_target.certificatePem.empty() ? absl::OkStatus() : identify(context);
    }

    absl::Status identify(SSL_CTX* context) const {
        const auto memory = [](const std::string& pem) {
            return Memory(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
        };
        const Certificate certificate(PEM_read_bio_X509(memory(m_target.certificatePem).get(),
                                                        nullptr, nullptr, kNoPassphrase));
        const Key key(PEM_read_bio_PrivateKey(memory(m_target.privateKeyPem).get(), nullptr,
                                              nullptr, kNoPassphrase));
        if (!certificate || !key || SSL_CTX_use_certificate(context, certificate.get()) != 1 ||
            SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
            return base::invalidArgument(
                "BUNDLE_INVALID", "certificate_pem",
                "the bundle's client certificate and key do not fit together: {}", opensslError());
        }
        return absl::OkStatus();
    }

    void expectName(SSL* ssl) const {
        X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
        if (X509_VERIFY_PARAM_set1_ip_asc(parameters, m_host.c_str()) != 1) {
            ERR_clear_error();
            SSL_set1_host(ssl, m_host.c_str());
            SSL_set_tlsext_host_name(ssl, m_host.c_str());
        }
        static constexpr unsigned char kHttp2[] = {2, 'h', '2'};
        SSL_set_alpn_protos(ssl, kHttp2, sizeof kHttp2);
    }

    absl::Status handshake(SSL* ssl) {
        const auto until = deadline();
        for (;;) {
            const int result = SSL_connect(ssl);
            if (result == 1) return absl::OkStatus();
            const int error = SSL_get_error(ssl, result);
            if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
                return unavailable("TLS_FAILED", fmt::format("TLS handshake with {} failed: {}",
                                                             m_target.address, opensslError()));
            }
            if (!waitFor(m_socket.fd(), error == SSL_ERROR_WANT_READ ? 1 : 0, until)) {
                return unavailable("TLS_FAILED", fmt::format("TLS handshake with {}: no answer",
                                                             m_target.address));
            }
        }
    }

    void explain(long verdict, TestStepResult& result) const {
        if (verdict == X509_V_OK) {
            result.hint = "is this the master's port? Other servers speak TLS too";
            return;
        }
        result.status = unavailable(
            "TLS_UNTRUSTED", fmt::format("the certificate of {} is not trusted: {}",
                                         m_target.address, X509_verify_cert_error_string(verdict)));
        if (verdict == X509_V_ERR_CERT_HAS_EXPIRED) {
            result.hint = "renew the master's certificate; check this machine's clock too";
        } else if (verdict == X509_V_ERR_HOSTNAME_MISMATCH ||
                   verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
            result.hint = "use an address that the certificate names, or reissue it with this one";
        } else {
            result.hint = "the bundle is of another cluster, or somebody is in between";
        }
    }

    SteadyClock::time_point deadline() const { return SteadyClock::now() + m_target.timeout; }

    /// In slices of a second, so that a cancelled test ends soon.
    bool waitFor(int fd, int forRead, SteadyClock::time_point until) const {
        while (!m_cancelled && SteadyClock::now() < until) {
            const int ready = BIO_socket_wait(fd, forRead, std::time(nullptr) + 1);
            if (ready != 0) return ready == 1;
        }
        return false;
    }

    const LineTarget& m_target;
    const std::atomic<bool>& m_cancelled;
    std::string m_host;
    std::string m_port;
    AddrInfo m_addresses;
    Socket m_socket;
};

}  // namespace

void probeLine(const LineTarget& target, const std::atomic<bool>& cancelled,
               const std::function<void(TestStepResult)>& onStep) {
    LineProbe probe(target, cancelled);
    const std::pair<TestStep, void (LineProbe::*)(TestStepResult&)> steps[] = {
        {TestStep::Dns, &LineProbe::lookUp},
        {TestStep::Tcp, &LineProbe::connect},
        {TestStep::Tls, &LineProbe::shakeHands}};
    bool failed = false;
    for (const auto& [step, run] : steps) {
        TestStepResult result;
        result.step = step;
        const auto begin = SteadyClock::now();
        if (failed) {
            result.status = absl::CancelledError("an earlier step failed");
        } else {
            (probe.*run)(result);
        }
        failed = failed || !result.status.ok();
        result.took =
            std::chrono::duration_cast<std::chrono::milliseconds>(SteadyClock::now() - begin);
        onStep(result);
    }
}

absl::StatusOr<std::vector<std::string>> fetchChain(const LineTarget& target,
                                                    const std::atomic<bool>& cancelled) {
    LineProbe probe(target, cancelled);
    TestStepResult step;
    probe.lookUp(step);
    if (!step.status.ok()) return step.status;
    probe.connect(step);
    if (!step.status.ok()) return step.status;
    return probe.showChain();
}

}  // namespace ifrit::gui::rpc
