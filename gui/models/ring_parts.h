// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "gui/models/status_words.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::gui::models {

/// One batch of the ring: how far the release is with it, or how its machines are.
struct RingBatch {
    std::uint32_t batch = 0;
    QString name;  ///< "Batch 4"
    StatusLook look;
    double share = 0;  ///< of the circle
    qint64 nodes = 0;  ///< virtual ones
    qint64 machines = 0;
    qint64 failing = 0;
    bool operator==(const RingBatch&) const = default;
};

/// A failing machine, where its uuid falls.
struct RingDot {
    std::uint64_t point = 0;
    std::uint32_t batch = 0;
    StatusLook look;
    std::string uuid;
    bool operator==(const RingDot&) const = default;
};

/// What the hash ring shows. Shared between presenter and widget, never changed.
struct RingContent {
    std::shared_ptr<const std::vector<domain::HashRing::Node>> nodes;  ///< never null or empty
    std::vector<RingBatch> batches;  ///< in the order in which they open
    std::vector<RingDot> dots;       ///< by point
    QString figure;                  ///< in the middle: "37.5 %"
    QString note;                    ///< below it: "batches 3, 4 open"
    bool byBatch = false;            ///< colours tell the batches apart, not their states
    bool old = false;                ///< no state keeps its colour
    bool operator==(const RingContent&) const = default;
};

}  // namespace ifrit::gui::models
