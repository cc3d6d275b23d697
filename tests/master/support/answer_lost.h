// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "master/storage/database.h"

namespace ifrit::master {

/// The connection dies between the commit and its answer, while `loses`.
class AnswerLost final : public storage::Database {
public:
    explicit AnswerLost(storage::Database& database) : m_database(database) {}
    absl::Status transact(const Work& work) override {
        const absl::Status status = m_database.transact(work);
        return status.ok() && loses ? absl::UnavailableError("connection lost") : status;
    }
    absl::Status read(const Work& work) override { return m_database.read(work); }

    bool loses = false;

private:
    storage::Database& m_database;
};

}  // namespace ifrit::master
