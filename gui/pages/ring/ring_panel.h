// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

#include "gui/presenters/ring_presenter.h"
#include "gui/widgets/panel.h"

namespace ifrit::gui::widgets {
class DataTable;
class HashRingView;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// The hash ring with its table form, its export and the field that finds a uuid on it.
class RingPanel : public widgets::Panel {
    Q_OBJECT
public:
    RingPanel(const widgets::Theme& theme, presenters::RingPresenter& presenter, QWidget* parent);
    void retranslate();
    /// Whose ring it is, where that is not plain; empty: it is.
    void setCluster(const QString& name);
    /// The batches as a table in place of the picture.
    void showTable(bool table);
    /// The picture, or in its table form the table.
    void exportShown();
    /// Esc: true where there was a question to let go of.
    bool escape();
    widgets::HashRingView* view() { return m_view; }
    QLineEdit* question() { return m_question; }

Q_SIGNALS:
    void machineWanted(const QString& uuid);
    /// For the machines view.
    void filterWanted(const QString& filter);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void update();
    const widgets::Theme& m_theme;
    presenters::RingPresenter& m_presenter;
    widgets::HashRingView* m_view;
    widgets::DataTable* m_table;
    QLabel* m_whyNot;
    QLineEdit* m_question;
    QLabel* m_answer;
    QPushButton* m_export;
    QString m_cluster;
    bool m_asTable = false;
};

}  // namespace ifrit::gui::pages
