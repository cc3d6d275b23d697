// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/freeze_line.h"

namespace ifrit::gui::presenters {

using models::toText;

QString FreezeLine::of(const std::optional<services::ClusterSummary>& cluster,
                       const models::TimeText& times) {
    if (!cluster || !cluster->freeze) return {};
    const services::ClusterFreeze& freeze = *cluster->freeze;
    QString out = tr("All change is frozen by %1 since %2: %3")
                      .arg(toText(freeze.by), times.at(freeze.at), toText(freeze.reason));
    if (freeze.isForgottenByRestart)
        out +=
            QLatin1Char(' ') + tr("(the master holds it in memory alone: a restart of it forgets "
                                  "the freeze)");
    else if (!freeze.recorded)
        out += QLatin1Char(' ') + tr("(the master holds it until its database is back)");
    if (!freeze.unconfirmed.empty()) out += QLatin1Char('\n') + unconfirmed(freeze.unconfirmed);
    return out;
}

QString FreezeLine::unconfirmed(const std::vector<services::UnconfirmedMaster>& masters) {
    QString names;
    for (const services::UnconfirmedMaster& master : masters) {
        const QString name = tr("%1 (%2)").arg(toText(master.address), whyOf(master.why));
        names = names.isEmpty() ? name : tr("%1, %2", "masters in a row").arg(names, name);
    }
    return tr("Not every master has confirmed it, and one that has not may let machines change "
              "until it hears of it: %1. The master asks again.")
        .arg(names);
}

QString FreezeLine::whyOf(const std::string& why) {
    if (why == "UNREACHABLE") return tr("cannot be reached");
    if (why == "UNANSWERED") return tr("does not answer");
    if (why == "UNIMPLEMENTED") return tr("is too old to be told of it");
    return toText(why);
}

}  // namespace ifrit::gui::presenters
