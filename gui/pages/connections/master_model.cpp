// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/master_model.h"

namespace ifrit::gui::pages {
namespace {

using presenters::KnownMaster;
using Columns = std::vector<models::RecordTableModel<KnownMaster>::Column>;

QString kindText(const KnownMaster& master) {
    return master.place().kindWord();
}

Columns columnsOf(const presenters::ConnectionDetails& details) {
    using models::CellStyle;
    return {{{"state", [] { return MasterModel::tr("State"); }},
             {},
             CellStyle::Plain,
             [&details](const KnownMaster& master) { return details.state(master); },
             {}},
            {{"cluster", [] { return MasterModel::tr("Cluster"); }},
             [](const KnownMaster& master) { return master.cluster; },
             CellStyle::Plain,
             {},
             {}},
            {{"group", [] { return MasterModel::tr("Group"); }},
             [](const KnownMaster& master) { return master.group; },
             CellStyle::Muted,
             {},
             {}},
            {{"kind", [] { return MasterModel::tr("Kind"); }}, kindText, CellStyle::Plain, {}, {}},
            {{"address", [] { return MasterModel::tr("Address"); }},
             [](const KnownMaster& master) { return master.address; },
             CellStyle::Monospace,
             {},
             {}},
            {{"certificates", [] { return MasterModel::tr("Certificates"); }},
             {},
             CellStyle::Plain,
             [&details](const KnownMaster& master) { return details.certificates(master); },
             {}},
            {{"user", [] { return MasterModel::tr("User"); }},
             [&details](const KnownMaster& master) { return details.user(master); },
             CellStyle::Plain,
             {},
             {}},
            {{"server_version", [] { return MasterModel::tr("Server"); }},
             [&details](const KnownMaster& master) { return details.serverVersion(master); },
             CellStyle::Muted,
             {},
             {}},
            {{"latency", [] { return MasterModel::tr("Latency"); }},
             [&details](const KnownMaster& master) { return details.latency(master); },
             CellStyle::Muted,
             {},
             {}},
            {{"access", [] { return MasterModel::tr("Access"); }},
             [](const KnownMaster& master) {
                 return master.readOnly ? MasterModel::tr("read-only") : MasterModel::tr("full");
             },
             CellStyle::Muted,
             {},
             {}},
            {{"bundle_file", [] { return MasterModel::tr("Bundle file"); }},
             [](const KnownMaster& master) { return master.bundlePath; },
             CellStyle::MonospaceMuted,
             {},
             {}}};
}

}  // namespace

MasterModel::MasterModel(const presenters::ConnectionDetails& details, QObject* parent)
    : RecordTableModel(
          columnsOf(details), [](const KnownMaster& master) { return master.bundlePath; }, parent) {
}

QVariant MasterModel::data(const QModelIndex& index, int role) const {
    if (role == models::FramedRole && index.column() == Kind)
        return at(index.row()) != nullptr && at(index.row())->place().isProduction();
    return RecordTableModel::data(index, role);
}

}  // namespace ifrit::gui::pages
