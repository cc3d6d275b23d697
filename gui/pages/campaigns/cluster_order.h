// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListWidget>
#include <QPushButton>
#include <QStringList>
#include <QWidget>

#include "gui/models/cluster_place.h"

namespace ifrit::gui::pages {

/// The clusters of a campaign, with their kinds: which, and one after another in which order. They
/// are moved by dragging, with Alt and the arrow keys, or by buttons.
class ClusterOrder : public QWidget {
    Q_OBJECT
public:
    explicit ClusterOrder(QWidget* parent);

    /// Those that can be part of it; nothing where they are the same as before, in any order. The
    /// `chosen` ones come first, in their order, and are ticked.
    void offer(const QList<models::ClusterPlace>& all, const QStringList& chosen);
    /// The ticked ones, in their order.
    QStringList chosen() const;

Q_SIGNALS:
    void edited();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void move(int by);
    void updateButtons();
    QListWidget* m_list;
    QPushButton* m_up;
    QPushButton* m_down;
    bool m_filling = false;
};

}  // namespace ifrit::gui::pages
