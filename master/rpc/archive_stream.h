// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>

#include "ifrit/v1/machine_link.pb.h"
#include "master/rpc/call_runner.h"
#include "master/rpc/push_stream.h"
#include "master/rpc/worker_pool.h"
#include "master/services/archive_store.h"
#include "shared/base/status.h"

namespace ifrit::master::rpc {

/// An archive from an offset on. The disk is read on the worker pool.
class ArchiveStream final : public PushStream<v1::ArchiveChunk> {
public:
    static constexpr std::size_t kChunkBytes = 256 * 1024;

    ArchiveStream(services::ArchiveStore& archives, WorkerPool& workers)
        : m_archives(archives), m_workers(workers) {}

    /// `work` lets the caller in, on the pool, and begins; an error ends the stream.
    void admit(std::function<absl::Status()> work) {
        const auto self = shared_from_this();
        const bool taken = m_workers.submit(Lane::Machines, [self, work = std::move(work)] {
            if (const absl::Status status = work(); !status.ok()) self->end(status);
        });
        if (!taken) end(overloaded());
    }
    void begin(std::string archiveDigest, std::uint64_t sizeBytes, std::uint64_t offset) {
        m_digest = std::move(archiveDigest);
        m_size = sizeBytes;
        m_offset = offset;
        open();
    }

protected:
    bool fill(v1::ArchiveChunk& out) override {
        if (m_offset >= m_size) {
            end(absl::OkStatus());
            return false;
        }
        auto bytes = m_archives.read(m_digest, m_offset, kChunkBytes);
        if (bytes.ok() && bytes->empty())
            bytes = base::makeError(absl::StatusCode::kDataLoss, "ARCHIVE_SHORT", m_digest,
                                    "the master's archive is shorter than its manifest says");
        if (!bytes.ok()) {
            end(bytes.status());
            return false;
        }
        out.set_offset(m_offset);
        m_offset += bytes->size();
        out.set_data(*std::move(bytes));
        return true;
    }
    void next() override {
        const auto self = shared_from_this();
        if (!m_workers.submitAdmitted(Lane::Machines, [self] { self->pump(); })) pump();
    }

private:
    services::ArchiveStore& m_archives;
    WorkerPool& m_workers;
    std::string m_digest;
    std::uint64_t m_size = 0;
    std::uint64_t m_offset = 0;
};

}  // namespace ifrit::master::rpc
