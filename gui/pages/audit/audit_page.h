// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSplitter>
#include <QTimer>

#include "gui/pages/page.h"
#include "gui/presenters/audit_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// Who did what: filter, table, one row in full.
class AuditPage : public Page {
    Q_OBJECT
public:
    AuditPage(const widgets::Theme& theme, presenters::AuditPresenter& presenter, QWidget* parent);
    static QString viewName() { return tr("Audit"); }
    void refresh() override { m_presenter.refresh(); }
    ExportTable exportOf(const widgets::DataTable& table) const override;
    void focusFilter() override { m_actor->setFocus(); }
    bool escape() override;
    QList<models::CtlCommand> commands() const override { return {m_presenter.command()}; }
    QSplitter* splitter() { return m_splitter; }

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void connectParts();
    void update();
    void takeFilter();
    bool filters() const;
    void allowClear();
    void clearFilter();
    /// What a field of a time says; `ok` becomes false where it says something else.
    std::optional<base::WallTime> timeIn(QLineEdit* field, presenters::DayEdge edge, bool& ok);
    QList<QLineEdit*> fields() const { return {m_actor, m_verb, m_object, m_since, m_until}; }

    presenters::AuditPresenter& m_presenter;
    QPushButton* m_export;
    QPushButton* m_verify;
    QLineEdit* m_actor;
    QLineEdit* m_verb;
    QLineEdit* m_object;
    QComboBox* m_result;
    QLineEdit* m_since;
    QLineEdit* m_until;
    QLabel* m_hint;
    QPushButton* m_clear;
    QLabel* m_verdict;
    QSplitter* m_splitter;
    widgets::DataTable* m_table;
    QPushButton* m_more;
    widgets::Panel* m_detail;
    widgets::FactList* m_facts;
    QTimer m_typing;
    bool m_chosenOnce = false;
};

}  // namespace ifrit::gui::pages
