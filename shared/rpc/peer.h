// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

namespace grpc {
class ServerContextBase;
}

namespace ifrit::rpc {

/// The other end's certificate, PEM, already verified against the CA by TLS. nullopt: none was
/// sent. Whose it is, crypto::parseIdentity() says.
std::optional<std::string> peerCertificatePem(const grpc::ServerContextBase& context);

/// "127.0.0.1:40312" or "[::1]:40312", for audit and log.
std::string peerAddress(const grpc::ServerContextBase& context);

/// The token of `authorization: Bearer`, empty where there is none.
std::string bearerToken(const grpc::ServerContextBase& context);

/// What setRequestId() gave; empty where there is none, or one that is no id: 8 to 64 letters,
/// digits and "-", since it goes into logs.
std::string requestId(const grpc::ServerContextBase& context);

}  // namespace ifrit::rpc
