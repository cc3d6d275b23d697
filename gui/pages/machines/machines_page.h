// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QList>
#include <QTimer>

#include <optional>

#include "gui/pages/machines/machine_detail_view.h"
#include "gui/pages/page.h"
#include "gui/presenters/machines_presenter.h"
#include "gui/widgets/filter_field.h"
#include "gui/widgets/splitter.h"

namespace ifrit::gui::widgets {
class FlowLayout;
}

namespace ifrit::gui::pages {

/// The machines: filter bar, facets, table, details.
class MachinesPage : public Page {
    Q_OBJECT
public:
    MachinesPage(const widgets::Theme& theme, presenters::MachinesPresenter& presenter,
                 QWidget* parent);
    static QString viewName() { return tr("Machines"); }
    void refresh() override { m_presenter.refresh(); }
    void resort() override { m_presenter.model().resort(); }
    void focusFilter() override;
    void toggleTableForm() override { m_detail->toggleTableForm(); }
    ExportTable exportOf(const widgets::DataTable& table) const override;
    QList<models::CtlCommand> commands() const override;
    bool escape() override;
    void setFilter(const QString& filter);
    void showMachine(const QString& uuid);
    QSplitter* splitter() { return m_splitter; }

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;

private:
    void build();
    void connectParts();
    void update();
    void updateFacets();
    void choose(const QModelIndex& index);
    /// What the last verb came to is of no matter any more: of another machine, or before the next.
    void forgetAnswer();
    void chooseNone();
    void updateVerbs();
    void remove();
    void revoke();
    /// Of the chosen rows; nothing where they are more than can be removed at once.
    std::optional<QStringList> chosen() const;

    presenters::MachinesPresenter& m_presenter;
    QPushButton* m_revoke;
    QPushButton* m_remove;
    QPushButton* m_columns;
    QPushButton* m_export;
    widgets::FilterField* m_filter;
    QPushButton* m_clear;
    QLabel* m_hint;
    QLabel* m_answer;
    QString m_answerOf;  ///< which machine was shown then
    widgets::FlowLayout* m_facets;
    QList<QPushButton*> m_facetButtons;
    QPushButton* m_order;
    widgets::Splitter* m_splitter;
    widgets::DataTable* m_table;
    MachineDetailView* m_detail;
    QTimer m_facetTimer;
};

}  // namespace ifrit::gui::pages
