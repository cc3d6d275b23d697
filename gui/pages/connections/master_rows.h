// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>
#include <vector>

#include "gui/pages/connections/master_model.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::pages {

/// Masters that are written whatever the list shows. GUI thread.
class MasterRows final : public presenters::RowSource {
public:
    MasterRows(const presenters::ConnectionDetails& details,
               std::vector<presenters::KnownMaster> masters)
        : m_model(details, nullptr) {
        m_model.setRecords(std::move(masters));
    }
    void read(Progress, Done done) override {
        QMetaObject::invokeMethod(
            &m_model, [done = std::move(done)] { done({}); }, Qt::QueuedConnection);
    }
    const QAbstractItemModel& model() const override { return m_model; }

private:
    MasterModel m_model;
};

}  // namespace ifrit::gui::pages
