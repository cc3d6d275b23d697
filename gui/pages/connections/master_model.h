// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/record_table_model.h"
#include "gui/presenters/connection_details.h"
#include "gui/presenters/connections_presenter.h"

namespace ifrit::gui::pages {

/// The list of masters as a table, in the order of the presenter.
class MasterModel : public models::RecordTableModel<presenters::KnownMaster> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::pages::MasterModel)
public:
    enum Column {
        State,
        Cluster,
        Group,
        Kind,
        Address,
        Certificates,
        User,
        Server,
        Latency,
        Access,
        BundleFile
    };
    MasterModel(const presenters::ConnectionDetails& details, QObject* parent);
    QVariant data(const QModelIndex& index, int role) const override;
};

}  // namespace ifrit::gui::pages
