// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

#include "gui/services/releases.h"
#include "shared/domain/danger.h"

namespace ifrit::gui::presenters {

/// The words of a plan, wherever one is shown.
class PlanFacts {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::PlanFacts)
public:
    /// Label and value: a line a stage, then totals(). For sheets, which have no table.
    static QList<QPair<QString, QString>> of(const services::ReleasePlan& plan);
    /// Of the plan as a whole: approval, notes, machines, download, duration and its id.
    static QList<QPair<QString, QString>> totals(const services::ReleasePlan& plan);
    /// "1.5.0 → 1.5.3": what its machines have now, most first, and what they have then.
    static QString versions(const services::ReleasePlan& plan, const domain::ReleaseSpec& spec);
    /// Whom the plan leaves out: how many, and the first few with why. Empty: nobody. For sheets,
    /// which have no list of the refusals beside them.
    static QList<QPair<QString, QString>> refused(const services::ReleasePlan& plan);
    static domain::Reach reach(const services::ReleasePlan& plan, bool production) {
        return {plan.machinesTotal, plan.clusterMachines, production};
    }

private:
    /// " · 412 change · 9 of these silent · 7.2 GiB · 12 min"; what is nothing is not said.
    static QString costOf(const services::ReleasePlan::Stage& stage);
};

}  // namespace ifrit::gui::presenters
