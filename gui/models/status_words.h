// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include "shared/domain/desired_state.h"
#include "shared/domain/machine.h"
#include "shared/domain/release.h"

namespace ifrit::gui::models {

/// What a person tells apart at a glance: each has a shape and a colour (gui/widgets/status_look.h)
/// and, with the words below, a name; none rests on colour alone.
enum class StatusKind { Ok, Run, Wait, Fail, Silent, None };

struct StatusLook {
    StatusKind kind = StatusKind::None;
    QString word;
    bool operator==(const StatusLook&) const = default;
};

/// Kind and translated word of each state.
class StatusWords {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::StatusWords)
public:
    static StatusLook of(domain::MachineState state);
    static StatusLook of(domain::Outcome outcome);
    static StatusLook of(domain::Integrity integrity);
    static StatusLook of(domain::ReleaseState state);
    /// Tells a draft that was only ended from a release that somebody stopped.
    static StatusLook of(const domain::Release& release);
    static StatusLook offline();
    /// A machine that misses its polls is offline whatever it last said, unless the master has
    /// judged it silent.
    static StatusLook ofMachine(domain::MachineState state, bool offline);
    static QString nameOf(domain::StageKind kind, std::uint32_t batch);
    static QString nameOf(domain::ReleaseVerb verb);
    static QString nameOf(domain::Level level);
    static QString nameOf(domain::DesiredAction action);
    /// Of an operator, and how they signed in; what a newer master calls otherwise stays as it is.
    static QString roleName(const std::string& role);
    static QString methodName(const std::string& method);
};

/// 0 is what wants attention most: the order in which states are sorted.
int severityOf(domain::MachineState state, bool offline);

}  // namespace ifrit::gui::models
