// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/server_identity.h"

#include <grpc/grpc.h>

#include <cstdlib>
#include <utility>

namespace ifrit::rpc {
namespace {

/// gRPC's C++ interface has no way to the reload that its C interface offers; its TLS credentials,
/// which watch files, take each whole file whether or not it fits its key, and leave the verifying
/// of client certificates to other code than the one we rely on.
class ReloadedCredentials final : public grpc::ServerCredentials {
public:
    ReloadedCredentials(grpc_ssl_server_certificate_config_callback fetch, void* source)
        // The constructor of the base has started the library.
        : m_credentials(grpc_ssl_server_credentials_create_with_options(
              grpc_ssl_server_credentials_create_options_using_config_fetcher(
                  GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY, fetch, source))) {}
    ~ReloadedCredentials() override { grpc_server_credentials_release(m_credentials); }

    /// Who may call what is decided per method; a processor that is not asked would be a hole.
    void SetAuthMetadataProcessor(const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {
        std::abort();
    }

private:
    int AddPortToServer(const std::string& address, grpc_server* server) override {
        return grpc_server_add_http2_port(server, address.c_str(), m_credentials);
    }

    grpc_server_credentials* const m_credentials;
};

}  // namespace

std::shared_ptr<grpc::ServerCredentials> ServerIdentity::credentials() {
    return std::make_shared<ReloadedCredentials>(&ServerIdentity::fetch, this);
}

void ServerIdentity::change(TlsIdentity identity) {
    const absl::MutexLock lock(&m_mutex);
    m_identity = std::move(identity);
    m_isNew = true;
}

grpc_ssl_certificate_config_reload_status ServerIdentity::fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
    auto& source = *static_cast<ServerIdentity*>(self);
    const absl::MutexLock lock(&source.m_mutex);
    if (!source.m_isNew) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    const grpc_ssl_pem_key_cert_pair pair{source.m_identity.privateKeyPem.c_str(),
                                          source.m_identity.certificatePem.c_str()};
    *config = grpc_ssl_server_certificate_config_create(source.m_identity.caPem.c_str(), &pair, 1);
    source.m_isNew = false;
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

}  // namespace ifrit::rpc
