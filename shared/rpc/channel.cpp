// SPDX-License-Identifier: Apache-2.0
#include "shared/rpc/channel.h"

#include <grpcpp/grpcpp.h>

#include "shared/rpc/deadline.h"
#include "shared/rpc/message_limits.h"

namespace ifrit::rpc {

std::shared_ptr<grpc::Channel> makeChannel(const std::string& address, const TlsIdentity& identity,
                                           const ChannelOptions& options) {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = identity.caPem;
    ssl.pem_cert_chain = identity.certificatePem;
    ssl.pem_private_key = identity.privateKeyPem;

    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
    arguments.SetMaxSendMessageSize(kMaxMessageBytes);
    arguments.SetUserAgentPrefix(options.program);
    // The process's proxy settings are for the web, not for masters on the intranet.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    // Two identities to one address must never share a connection.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    if (options.keepalive.count() > 0) {
        arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, static_cast<int>(options.keepalive.count()));
        arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
    }
    if (!options.serverName.empty()) {
        arguments.SetSslTargetNameOverride(options.serverName);
    }
    return grpc::CreateCustomChannel(address, grpc::SslCredentials(ssl), arguments);
}

std::shared_ptr<grpc::ServerCredentials> makeServerCredentials(const TlsIdentity& identity) {
    grpc::SslServerCredentialsOptions ssl(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
    ssl.pem_root_certs = identity.caPem;
    ssl.pem_key_cert_pairs.push_back({identity.privateKeyPem, identity.certificatePem});
    return grpc::SslServerCredentials(ssl);
}

void setDeadline(grpc::ClientContext& context, std::chrono::milliseconds timeout) {
    context.set_deadline(deadlineIn(timeout));
}

void setBearer(grpc::ClientContext& context, const std::string& token) {
    context.AddMetadata("authorization", "Bearer " + token);
}

void setRequestId(grpc::ClientContext& context, const std::string& id) {
    context.AddMetadata(kRequestIdKey, id);
}

}  // namespace ifrit::rpc
