// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>

#include <memory>
#include <string>
#include <vector>

#include "ifrit/v1/access.grpc.pb.h"
#include "ifrit/v1/sessions.grpc.pb.h"
#include "shared/base/ids.h"
#include "shared/base/status.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/status_adapter.h"
#include "tests/master/rpc/trusted_server.h"

namespace ifrit::master::rpc {

using Channel = std::shared_ptr<grpc::Channel>;
inline constexpr char kPassword[] = "correct horse battery";

inline void setMutation(v1::Mutation* mutation) {
    mutation->set_request_id(base::randomUuid());
    mutation->set_reason("because");
    mutation->set_via("test");
}

inline std::string reasonOf(const grpc::Status& status) {
    return base::errorInfo(ifrit::rpc::fromGrpc(status)).reason;
}

template <typename Stub, typename Request, typename Response>
grpc::Status call(std::unique_ptr<Stub> stub,
                  grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                  const Request& request, Response& response, const std::string& bearer = {}) {
    grpc::ClientContext context;
    ifrit::rpc::setDeadline(context, std::chrono::seconds(20));
    if (!bearer.empty()) ifrit::rpc::setBearer(context, bearer);
    response.Clear();
    return ((*stub).*method)(&context, request, &response);
}

#define ACCESS(channel, Method, request, response, ...)                    \
    call(v1::Access::NewStub(channel), &v1::Access::Stub::Method, request, \
         response __VA_OPT__(, ) __VA_ARGS__)
#define VERIFY_CALL(expression)                                            \
    do {                                                                   \
        const grpc::Status verifyStatus = (expression);                    \
        QVERIFY2(verifyStatus.ok(), verifyStatus.error_message().c_str()); \
    } while (false)

/// A server that is spoken with as its first super admin, and as eve, who may read.
class AccessDesk : public QObject {
protected:
    /// In milliseconds: how long a stream may outlive what it stood on.
    static constexpr int kWithin = 2'000;

    void open() {
        m_server = std::make_unique<TrustedServer>();
        m_root = m_server->root();
        m_eve = m_server->channelAs(crypto::Role::Operator, "eve");
    }
    void close() {
        m_root.reset();
        m_eve.reset();
        m_server.reset();
    }
    grpc::Status login(const std::string& user, const std::string& password,
                       std::string* token = nullptr) {
        v1::LoginRequest request;
        request.set_user(user);
        request.set_password(password);
        v1::LoginResponse response;
        const grpc::Status status =
            call(v1::Sessions::NewStub(m_server->channelAs(crypto::Role::Machine, "")),
                 &v1::Sessions::Stub::Login, request, response);
        if (token != nullptr) *token = response.token();
        return status;
    }
    static grpc::Status whoAmI(const Channel& channel, const std::string& bearer = {}) {
        v1::WhoAmIResponse response;
        return call(v1::Sessions::NewStub(channel), &v1::Sessions::Stub::WhoAmI,
                    v1::WhoAmIRequest(), response, bearer);
    }
    std::unique_ptr<TrustedServer> m_server;
    Channel m_root;
    Channel m_eve;
};

}  // namespace ifrit::master::rpc
