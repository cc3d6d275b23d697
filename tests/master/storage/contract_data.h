// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTest>
#include <string>

#include "master/storage/database.h"
#include "shared/base/status.h"

namespace ifrit::master::storage {

#define VERIFY_OK(expression)                                               \
    do {                                                                    \
        const absl::Status verifyStatus = (expression);                     \
        QVERIFY2(verifyStatus.ok(), base::messageOf(verifyStatus).c_str()); \
    } while (false)
#define VERIFY_REASON(expression, wanted)                                      \
    do {                                                                       \
        const absl::Status verifyStatus = (expression);                        \
        QVERIFY(!verifyStatus.ok());                                           \
        QCOMPARE(QString::fromStdString(base::errorInfo(verifyStatus).reason), \
                 QString::fromLatin1(wanted));                                 \
    } while (false)

inline base::WallTime at(std::int64_t millis) {
    return base::fromUnixMillis(1'700'000'000'000 + millis);
}

domain::MachineFacts factsOf(const std::string& uuid);
domain::AgentReport reportOfAgent(const std::string& agent, domain::MachineState state);
/// `mark` makes the digest: 64 times this character.
PackageRecord packageOf(const std::string& agent, const std::string& version, char mark);
/// Draft of agent "exporter" for LINUX and CONTAINER.
release::Model releaseOf(const std::string& id, std::uint64_t number);

}  // namespace ifrit::master::storage
