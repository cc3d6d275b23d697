// SPDX-License-Identifier: Apache-2.0
#include "tests/master/storage/old_events.h"

#include <chrono>

#include "tests/master/storage/contract_data.h"

namespace ifrit::master::storage::sql {

void fillWithEvents(Connection& connection) {
    VERIFY_OK(connection.execute(
        "INSERT INTO machines (uuid, machine_type, pin, labels_json, address, hostname, kernel, "
        "libc, architecture, ifrit_version, first_seen_ms, last_seen_ms, ifrit_cpu_percent, "
        "ifrit_rss_bytes, stream_id, acked_seq) VALUES ('m-1', 'LINUX', '', '{}', '', '', '', '', "
        "'', '', 1, 1, 0, 0, '', 0)"));
    for (const char* at : {"1000", "9999999999000"}) {
        VERIFY_OK(connection
                      .run("INSERT INTO machine_events (uuid, kind, agent, version, message, "
                           "at_ms) VALUES ('m-1', 'installed', 'a', '1', '', " +
                               std::string(at) + ")",
                           {})
                      .status());
    }
}

void checkEventsOfBefore(Database& database, base::WallTime now) {
    const auto left = [&database](base::WallTime before) {
        std::size_t out = 99;
        (void)database.transact([&](Transaction& t) -> absl::Status {
            IFRIT_RETURN_IF_ERROR(t.machines().pruneEvents(before).status());
            IFRIT_ASSIGN_OR_RETURN(const auto events, t.machines().listEvents("m-1", 0, 10));
            out = events.size();
            for (const StoredEvent& event : events)
                if (event.received) out = 98;
            return absl::OkStatus();
        });
        return out;
    };
    QCOMPARE(left(now - std::chrono::hours(1)), std::size_t{2});
    QCOMPARE(left(now + std::chrono::hours(1)), std::size_t{0});
}

}  // namespace ifrit::master::storage::sql
