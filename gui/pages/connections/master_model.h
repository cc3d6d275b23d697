// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "gui/models/record_table_model.h"
#include "gui/presenters/connection_details.h"
#include "gui/presenters/connections_presenter.h"

namespace ifrit::gui::pages {

/// The list of masters as a table.
class MasterModel : public models::RecordTableModel<presenters::KnownMaster> {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::pages::MasterModel)
public:
    MasterModel(const presenters::ConnectionsPresenter& presenter,
                const presenters::ConnectionDetails& details, QObject* parent);
};

}  // namespace ifrit::gui::pages
