// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"
#include "gui/services/releases.h"

namespace ifrit::gui::models {

class FleetStore;

/// Something that a machine has, and others may have too.
struct MachineTrait {
    enum class Kind { Type, From, Batch, Pin, Label };  ///< in the order in which they are told
    Kind kind = Kind::Label;
    std::string value;  ///< "LINUX", "1.5.0", "4", "acme", "zone=b"
    auto operator<=>(const MachineTrait&) const = default;
};
/// Sorted. Of one that the store does not know, what the release itself says. Null: no store.
/// O(1) but for the labels.
std::vector<MachineTrait> traitsOf(const services::ReleaseMachine& machine,
                                   const FleetStore* store);
/// What every machine of this release has is no hint at what made some of them fail.
bool isOfAll(const MachineTrait& trait, const services::ReleaseInfo& info);
/// As far as the release itself does not say it: type, pin or label of every machine of `types` in
/// the store, all of them where it is empty. O(rows) where it is so, less where not.
bool everyRowHas(const FleetStore& store, const std::vector<std::string>& types,
                 const MachineTrait& trait);
/// By what the release chose its gray machines: that they have it says nothing.
bool choseGray(const domain::ReleaseSpec& spec, const MachineTrait& trait);

/// Machines of a release that came out badly and say the same (see shapeOfError()). What is shown
/// of one machine is of the one that was first to fail.
struct FailureGroup {
    QString reason;  ///< normalized name
    QString message;
    qint64 machines = 0;
    base::WallTime first{};
    QString example;  ///< a uuid
    domain::Outcome outcome = domain::Outcome::Failed;
    std::vector<MachineTrait> shared;  ///< by all of them; told where they are two or more
    bool isKnown = false;              ///< the fleet knows one of them at least
    bool isGray = true;                ///< all of them are of the gray stage
};
/// Groups them, one machine after another. O(log g) of g groups each.
class FailureGroups {
public:
    /// Nothing comes of one that did not come out badly. `traits`: sorted. `isKnown`: to the fleet;
    /// of one that is not, nothing is told of type, pin and labels, neither that it has others.
    void add(const services::ReleaseMachine& machine, const std::vector<MachineTrait>& traits = {},
             bool isKnown = true);
    /// Largest group first.
    std::vector<FailureGroup> sorted() const;

private:
    /// By outcome, reason, and shape of the message.
    std::map<std::tuple<domain::Outcome, std::string, std::string>, FailureGroup> m_groups;
};

class FailureModel : public RecordTableModel<FailureGroup> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::FailureModel)
public:
    explicit FailureModel(const TimeText& times, QObject* parent = nullptr);

private:
    static QString sharedText(const FailureGroup& group);
};

}  // namespace ifrit::gui::models
