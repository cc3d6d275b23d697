// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <QStringList>

#include <cstdint>

#include "shared/domain/release.h"

namespace ifrit::gui::presenters {

/// A release as typed into the wizard; what is checked is ReleaseFormRules' and the presenter's.
struct ReleaseForm {
    enum class Kind { Install, Uninstall, UninstallPurge };
    Kind kind = Kind::Install;
    QString agent;
    QString version;
    QStringList types;
    bool gray = true;
    QString uuids;  ///< parted by space, comma or line
    QString pin;
    QString labels;        ///< "k=v k=v"
    int pilotPercent = 0;  ///< of each machine type; with pilotCount 0 too: no pilot
    int pilotCount = 0;    ///< at least so many machines of each machine type
    bool batches = false;
    int intervalMinutes = 5;  ///< from one batch to the next
    bool promote = false;     ///< each batch waits for promote
    QString order;            ///< every batch once; empty: rotated by release
    int maxInFlight = 0;      ///< 0: no limit
    int soakMinutes = 10;
    int deadlineMinutes = 10;
    QString downloadRate;  ///< "2MB/s"; empty: as each machine is configured
    bool autoVerify = false;
    domain::GateLimits badGate;  ///< of every stage without a rule of its own
    QString gates;               ///< "silent@batch=10%,2,5", parted by space, semicolon or line
    bool costGate = true;
    QString costLimits;     ///< "full=20%,1.5,8MiB,9 gray=none", parted as the gates
    bool approval = false;  ///< of a second person, before start
    QString windows;        ///< "Mon-Fri 09:00-17:00", parted by semicolon or line
    QString blackouts;      ///< "2026-12-24..2027-01-02", parted by space, comma or line
    QString timeZone;       ///< of both; empty: UTC
    int lateJoiners = static_cast<int>(domain::kDefaultLateJoiners);  ///< a minute
    QString reason;

    bool hasPilot() const { return pilotPercent > 0 || pilotCount > 0; }
    bool operator==(const ReleaseForm&) const = default;
    /// Something was typed, or set otherwise than in `proposed`. Agent, version and types do not
    /// count: the first ones are chosen by themselves, and another is a click away.
    bool isFilled(ReleaseForm proposed) const {
        proposed.agent = agent;
        proposed.version = version;
        proposed.types = types;
        return *this != proposed;
    }
};

/// From what was typed to what the master is asked for, and what of it cannot be read. Pure.
class ReleaseFormRules {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::ReleaseFormRules)
public:
    /// What cannot be read is left out: problem() names it.
    static domain::ReleaseSpec specOf(const ReleaseForm& form);
    /// Of the order, the gates, the download rate and the times; empty: none. `ringBatches`: of the
    /// cluster's ring; 0: not known yet.
    static QString problem(const ReleaseForm& form, std::uint32_t ringBatches);

private:
    static QString orderProblem(const ReleaseForm& form, std::uint32_t ringBatches);
    static QString gateProblem(const ReleaseForm& form);
    static QString costProblem(const ReleaseForm& form);
    static QString rateProblem(const ReleaseForm& form);
    static QString timeProblem(const ReleaseForm& form);
};

}  // namespace ifrit::gui::presenters
