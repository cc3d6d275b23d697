// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/security/server_credentials.h>

#include <chrono>
#include <memory>
#include <string>

namespace grpc {
class ClientContext;
}

namespace ifrit::rpc {

/// PEM texts. Certificate and key may be empty on the client's side: then the peer is not
/// identified by TLS (enrolment, password login).
struct TlsIdentity {
    std::string caPem;
    std::string certificatePem;
    std::string privateKeyPem;
};

struct ChannelOptions {
    /// Name in the server's certificate where it differs from the address; empty: the address.
    std::string serverName;
    /// Sent as user agent before gRPC's own, for example "ifritctl/0.1.0".
    std::string program;
    /// Between keep-alive pings on a connection with an open call; zero: none.
    std::chrono::milliseconds keepalive{20'000};
};

/// A TLS channel to "host:port". There is no plaintext variant. Does not connect yet; thread-safe.
std::shared_ptr<grpc::Channel> makeChannel(const std::string& address, const TlsIdentity& identity,
                                           const ChannelOptions& options);

/// Asks clients for a certificate and verifies it against the CA when one is sent; who needs one
/// is decided per method by the caller.
std::shared_ptr<grpc::ServerCredentials> makeServerCredentials(const TlsIdentity& identity);

/// Every unary call has a deadline.
void setDeadline(grpc::ClientContext& context, std::chrono::milliseconds timeout);
/// `authorization: Bearer <token>`.
void setBearer(grpc::ClientContext& context, const std::string& token);
/// `ifrit-request-id`: by which the server's log and errors name a call that carries no Mutation,
/// so that its caller knows it without an answer. See requestId() in peer.h for what is taken.
void setRequestId(grpc::ClientContext& context, const std::string& id);

}  // namespace ifrit::rpc
