// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "gui/rpc/grpc_session.h"
#include "shared/base/clock.h"
#include "tests/gui/support/fake_master.h"
#include "tests/gui/support/spin.h"
#include "tests/gui/support/test_pki.h"

namespace ifrit::tests {

/// A fake master and sessions to it; everything quick enough for a unit test.
struct SessionFixture {
    TestPki pki{"cluster CA"};
    GrpcMaster master{identityOf(pki.caPem(), pki.issue("master"))};
    gui::rpc::RpcOptions options = quick();
    gui::rpc::OpenPackage open;
    base::SystemClock clock;

    static rpc::TlsIdentity identityOf(const std::string& ca, const PemPair& pair) {
        return {ca, pair.certificate, pair.key};
    }

    static gui::rpc::RpcOptions quick() {
        using std::chrono::milliseconds;
        gui::rpc::RpcOptions options;
        options.unaryBackoff = {milliseconds(5), milliseconds(20), milliseconds(1)};
        options.streamBackoff = {milliseconds(20), milliseconds(50), milliseconds(10)};
        options.staleAfter = milliseconds(200);
        options.deadAfter = milliseconds(400);
        // The fake's streams are silent by nature; whose test it is sets it.
        options.overdueAfter = std::chrono::minutes(1);
        options.hungAfter = std::chrono::minutes(1);
        options.deliveryInterval = milliseconds(10);
        options.headStart = milliseconds(200);
        options.suspectAfter = milliseconds(200);
        options.suspectAgain = milliseconds(200);
        options.probeTimeout = milliseconds(500);
        return options;
    }

    gui::services::ConnectionProfile profile() const {
        gui::services::ConnectionProfile profile;
        profile.bundle.cluster = "demo";
        profile.bundle.addresses = {master.address()};
        profile.bundle.caPem = pki.caPem();
        const PemPair client = pki.issue("operator:admin");
        profile.bundle.certificatePem = client.certificate;
        profile.bundle.privateKeyPem = client.key;
        return profile;
    }

    std::unique_ptr<gui::services::Session> connect() {
        if (!master.start()) qFatal("the fake master does not start");
        return gui::rpc::GrpcSessionFactory(open, clock, options).open(profile());
    }
};

}  // namespace ifrit::tests
