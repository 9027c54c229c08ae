import '@mantine/core/styles.css'
import './console.css'
import { createTheme, MantineProvider } from '@mantine/core'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console } from './console.js'

const theme = createTheme({ primaryColor: 'blue', autoContrast: true })
const place = document.getElementById('console')
if (!place) throw new Error('the page has no place for the console')

// Mantine would write two style elements of its own; the page's policy allows none, and styles.css has what they say.
createRoot(place).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <Console />
    </MantineProvider>
  </StrictMode>,
)
