// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QLabel>
#include <QLineEdit>

#include "gui/models/record_table_model.h"
#include "gui/presenters/go_to_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class Theme;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::app {

/// The palette: type, choose, Enter. What was chosen is done once the palette is gone.
class GoToDialog : public QDialog {
    Q_OBJECT
public:
    GoToDialog(const widgets::Theme& theme, const presenters::GoToPresenter& presenter,
               QWidget* parent);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void update();
    void fitColumns();
    void step(int rows);
    void take();

    const presenters::GoToPresenter& m_presenter;
    QLineEdit* m_field;
    models::RecordTableModel<models::GoToEntry>* m_model;
    widgets::DataTable* m_table;
    QLabel* m_nothing;  ///< in its place
    QLabel* m_leftOut;  ///< below it
};

}  // namespace ifrit::gui::app
