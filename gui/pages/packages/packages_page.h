// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QSplitter>

#include "gui/pages/page.h"
#include "gui/presenters/packages_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

/// The package store; a package file dropped anywhere on the page is published.
class PackagesPage : public Page {
    Q_OBJECT
public:
    PackagesPage(const widgets::Theme& theme, presenters::PackagesPresenter& presenter,
                 QWidget* parent);
    void refresh() override { m_presenter.refresh(); }
    ExportTable exportOf(const widgets::DataTable& table) const override;
    bool escape() override;
    QList<models::CtlCommand> commands() const override;
    void showPackage(const QString& digest);
    QSplitter* splitter() { return m_splitter; }

Q_SIGNALS:
    void connectionsWanted();

protected:
    void retranslate() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void connectParts();
    void update();
    void updateDetail();
    void updatePublish();
    void askFile();
    void remove();

    presenters::PackagesPresenter& m_presenter;
    QPushButton* m_publish;
    QPushButton* m_delete;
    widgets::Panel* m_progressPanel;
    QLabel* m_progressText;
    QProgressBar* m_progress;
    QPushButton* m_cancel;
    QSplitter* m_splitter;
    widgets::DataTable* m_table;
    QPushButton* m_more;
    widgets::Panel* m_detail;
    widgets::FactList* m_facts;
    QLabel* m_manifestTitle;
    QPlainTextEdit* m_manifest;
    QLabel* m_result;
    bool m_chosenOnce = false;
};

}  // namespace ifrit::gui::pages
